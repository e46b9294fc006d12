import type { Browser, Page } from 'playwright-core';
import { Shop } from '../quickstart/shop';
import { screenshotsDirectory, startChromium, TestWindow } from './support/browser';
import { send } from './support/http';
import { Quickstart } from './support/quickstart';
import { CPF } from './support/shop';
import { openStorefront, type Storefront } from './support/storefront';

const KEY = 'my-shop';

describe('A checkout session in a browser', () => {
  const screenshots = screenshotsDirectory();
  let quickstart: Quickstart;
  let storefront: Storefront;
  let browser: Browser;
  let window: TestWindow;
  let page: Page;

  beforeAll(async () => {
    storefront = await openStorefront();
    quickstart = await Quickstart.prepare();
    await quickstart.start();
    await new Shop(quickstart.settings(), KEY).install();
    browser = await startChromium();
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await quickstart.remove();
    await storefront.close();
  }, 60_000);

  afterEach(async () => {
    const { errors } = window;
    await window.close();
    expect(errors).toEqual([]);
  });

  /** Makes a session with the secret key and opens its page. @returns the id of the session */
  const open = async (): Promise<string> => {
    const created = await send('POST', `${quickstart.serviceUrl}/checkout/${KEY}/sessions`, {
      headers: { authorization: `Bearer ${quickstart.settings().secretKey}` },
      body: {
        items: [{ sku: 'CAM-01', name: 'Camiseta', quantity: 1, unit_value: 14_990 }],
        shipping_value: 1500,
        discount_value: 500,
        success_url: `${storefront.origin}/thank-you`,
      },
    });
    expect([created.status, created.body]).toEqual([200, expect.objectContaining({ status: 'open' })]);
    window = await TestWindow.open(browser, screenshots, 'phone', {
      locale: 'pt-BR',
      // Chromium logs the answer to a declined card, and the stream of a session without an order, as errors.
      refusedCalls: /\/pay\//,
    });
    ({ page } = window);
    await window.goTo(String(created.body['url']));
    await page.getByLabel('Nome', { exact: true }).fill('Marina');
    await page.getByLabel('Sobrenome').fill('Souza');
    await page.getByLabel('E-mail').fill('marina@example.com');
    await page.getByLabel('Celular com DDD').fill('11988887777');
    await page.getByLabel('CPF ou CNPJ', { exact: true }).fill(CPF);
    return String(created.body['id']);
  };

  const sessionOf = async (id: string): Promise<Record<string, unknown>> => {
    const headers = { authorization: `Bearer ${quickstart.settings().secretKey}` };
    const path = `/checkout/${KEY}/sessions/${id}`;
    return (await send('GET', `${quickstart.serviceUrl}${path}`, { headers })).body;
  };

  /** Pays the newest code of the session's order, as the shopper's bank does. */
  const payAtBank = async (id: string): Promise<void> => {
    const order = String((await sessionOf(id))['order_id']);
    const paid = await send('POST', `${quickstart.simulatorUrl}/_simulator/orders/${order}/pay`, {
      body: {},
    });
    expect(paid.status).toBe(200);
  };

  const fillCard = async (number: string): Promise<void> => {
    await page.getByLabel('Número do cartão').fill(number);
    await page.getByLabel('Nome impresso no cartão').fill('MARINA SOUZA');
    await page.getByLabel('Validade (MM/AA)').fill('12/30');
    await page.getByLabel('Código de segurança').fill('123');
    await page.getByLabel('CPF ou CNPJ do titular').fill(CPF);
  };

  const paid = (): Promise<void> => page.getByRole('heading', { name: 'Pagamento aprovado' }).waitFor();

  it('a declined card, then another one in installments with interest, pays the session once', async () => {
    const id = await open();
    await fillCard('4000000000000002');
    await page.getByRole('button', { name: /^Pagar/ }).click();
    await page.getByText('O banco não autorizou o pagamento.').waitFor();
    await page.getByLabel('Número do cartão').fill('4000000000000010');
    await page.getByLabel('Parcelas').selectOption('3');
    const total = (await page.getByTestId('total').textContent()) ?? '';
    expect(total).not.toContain('159,90');
    await page.getByRole('button', { name: /^Pagar/ }).click();
    await paid();
    await window.screenshot('hosted-paid');
    expect(await sessionOf(id)).toMatchObject({ status: 'completed', payment_method: 'credit_card' });
    await page.waitForURL(`${storefront.origin}/thank-you?session_id=${id}`);
  });

  it('a Pix is shown as paid as soon as the bank has paid it', async () => {
    const id = await open();
    await page.getByRole('radio', { name: 'Pix' }).check();
    await page.getByRole('button', { name: 'Gerar Pix' }).click();
    await page.getByAltText('QR code do Pix').waitFor();
    await window.screenshot('hosted-pix');
    await payAtBank(id);
    await paid();
    expect(await sessionOf(id)).toMatchObject({ status: 'completed', payment_method: 'pix' });
  });

  it('a boleto is shown again after a reload, and as paid once it is', async () => {
    const id = await open();
    await page.getByRole('radio', { name: 'Boleto' }).check();
    await page.getByRole('button', { name: 'Gerar boleto' }).click();
    await page.getByRole('img', { name: 'Código de barras do boleto' }).waitFor();
    await page.reload();
    await page.getByRole('img', { name: 'Código de barras do boleto' }).waitFor();
    await window.screenshot('hosted-boleto');
    await payAtBank(id);
    await paid();
    expect(await sessionOf(id)).toMatchObject({ status: 'completed', payment_method: 'boleto' });
  });
});
