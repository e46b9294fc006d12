import type { Browser, Page } from 'playwright-core';
import { Shop } from '../quickstart/shop';
import { SimulatorControl } from '../simulator/control-client';
import { type Device, screenshotsDirectory, startChromium, TestWindow, WIDTHS } from './support/browser';
import { eventually } from './support/eventually';
import { send } from './support/http';
import { Quickstart } from './support/quickstart';
import { CPF } from './support/shop';
import { openStorefront, type Storefront } from './support/storefront';

const KEY = 'my-shop';
const DEVICES = Object.keys(WIDTHS) as Device[];

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
    process.stderr.write(`Screenshots of sessions are in ${screenshots}\n`);
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

  /** Makes a session with the secret key and opens its page, filled in. @returns the id of the session */
  const open = async (device: Device): Promise<string> => {
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
    window = await TestWindow.open(browser, screenshots, device, {
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

  const control = (): SimulatorControl => new SimulatorControl(quickstart.simulatorUrl);

  /** Returns how many cards Appmax was asked to charge. */
  const cardCharges = async (): Promise<number> => {
    const { by_route: byRoute } = await control().requests();
    return byRoute['POST /v1/payments/credit-card'] ?? 0;
  };

  const paid = (): Promise<void> => page.getByRole('heading', { name: 'Pagamento aprovado' }).waitFor();

  describe.each(DEVICES)('on a %s', (device) => {
    it('a declined card, then another one in installments with interest, pays the session once', async () => {
      const id = await open(device);
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
      await page.goBack();
      await paid();
      await page.getByText('Você volta para a loja em instantes.').waitFor({ state: 'detached' });
      expect(page.url()).toContain(`/pay/${id}`);
    });

    it('a double click charges the card once', async () => {
      const before = await cardCharges();
      const id = await open(device);
      await fillCard('4000000000000010');
      await page.getByRole('button', { name: /^Pagar/ }).dblclick();
      await paid();
      expect(await cardCharges()).toBe(before + 1);
      expect(await sessionOf(id)).toMatchObject({ status: 'completed', total_value: 15_990 });
    });

    it('an amount that the browser adds or changes is not what Appmax is told', async () => {
      const id = await open(device);
      await page.route('**/pix', async (route) => {
        const body = route.request().postDataJSON() as object;
        const tampered = { ...body, total_value: 100, shipping_value: 0, items: [{ unit_value: 100 }] };
        await route.continue({ postData: JSON.stringify({ ...tampered, order: { products_value: 100 } }) });
      });
      await page.getByRole('radio', { name: 'Pix' }).check();
      await page.getByRole('button', { name: 'Gerar Pix' }).click();
      await page.getByAltText('QR code do Pix').waitFor();
      const session = await sessionOf(id);
      const { total } = await control().order(Number(session['order_id']));
      expect([session['total_value'], total]).toEqual([15_990, 15_990]);
    });

    it('a Pix that has expired is replaced by a new one, which pays the session', async () => {
      await control().change({ pix_expires_after_seconds: 3 });
      const id = await open(device);
      await page.getByRole('radio', { name: 'Pix' }).check();
      await page.getByRole('button', { name: 'Gerar Pix' }).click();
      await page.getByText('Este código Pix venceu.').waitFor();
      await window.screenshot('hosted-pix-expired');
      expect(await window.violations()).toEqual([]);
      await control().change({ pix_expires_after_seconds: 1800 });
      await page.getByRole('button', { name: 'Gerar novo código' }).click();
      await page.getByAltText('QR code do Pix').waitFor();
      await payAtBank(id);
      await paid();
      expect(await sessionOf(id)).toMatchObject({ status: 'completed', payment_method: 'pix' });
    });

    it('a reload while the card is being charged shows its result, and charges it once', async () => {
      await control().addFault({
        kind: 'drip',
        when: 'after',
        seconds: 3,
        route: '/v1/payments/credit-card',
        times: 1,
      });
      const before = await cardCharges();
      const id = await open(device);
      await fillCard('4000000000000010');
      await page.getByRole('button', { name: /^Pagar/ }).click();
      await eventually(async () => {
        expect(await cardCharges()).toBe(before + 1);
      });
      await page.reload();
      await eventually(async () => {
        expect(await sessionOf(id)).toMatchObject({ status: 'completed' });
      });
      await page.reload();
      await paid();
      expect(await cardCharges()).toBe(before + 1);
    });

    it('a session that the shop has expired says so when the shopper pays', async () => {
      const id = await open(device);
      const headers = { authorization: `Bearer ${quickstart.settings().secretKey}` };
      const path = `/checkout/${KEY}/sessions/${id}/expire`;
      expect((await send('POST', `${quickstart.serviceUrl}${path}`, { headers })).status).toBe(200);
      await page.getByRole('radio', { name: 'Pix' }).check();
      await page.getByRole('button', { name: 'Gerar Pix' }).click();
      await page.getByRole('heading', { name: 'Este link de pagamento venceu' }).waitFor();
      await window.screenshot('hosted-expired');
      expect(await window.violations()).toEqual([]);
    });

    it('the whole payment can be made in English', async () => {
      const id = await open(device);
      await window.goTo(`${page.url()}?lang=en`);
      // The details are kept for the tab.
      expect(await page.getByLabel('First name').inputValue()).toBe('Marina');
      await page.getByRole('radio', { name: 'Pix' }).check();
      await page.getByRole('button', { name: /^Create Pix/ }).click();
      await page.getByAltText('QR code of the Pix').waitFor();
      await window.screenshot('hosted-pix-english');
      expect(await window.violations()).toEqual([]);
      await payAtBank(id);
      await page.getByRole('heading', { name: 'Payment approved' }).waitFor();
    });

    it('a Pix is shown as paid as soon as the bank has paid it', async () => {
      const id = await open(device);
      await page.getByRole('radio', { name: 'Pix' }).check();
      await page.getByRole('button', { name: 'Gerar Pix' }).click();
      await page.getByAltText('QR code do Pix').waitFor();
      await window.screenshot('hosted-pix');
      await payAtBank(id);
      await paid();
      expect(await sessionOf(id)).toMatchObject({ status: 'completed', payment_method: 'pix' });
    });

    it('a boleto is shown again after a reload, and as paid once it is', async () => {
      const id = await open(device);
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
});
