import type { Browser, Page } from 'playwright-core';
import { type Device, screenshotsDirectory, startChromium, TestWindow, WIDTHS } from './support/browser';
import { FakeSession, type Sent } from './support/fake-session';
import { CPF } from './support/shop';
import { cards } from './support/simulator-merchant';
import { externalId, SimulatorWorld } from './support/simulator-world';

const DEVICES = Object.keys(WIDTHS) as Device[];
const DECLINED = { status: 422, body: { message: 'payment declined', code: 'payment_declined' } };
const PAY = /^Pagar/;

describe('The payment page', () => {
  const screenshots = screenshotsDirectory();
  let simulator: SimulatorWorld;
  let session: FakeSession;
  let browser: Browser;
  let window: TestWindow;
  let page: Page;

  beforeAll(async () => {
    simulator = await SimulatorWorld.start('g2');
    session = await FakeSession.start(`${simulator.origin}/appmax.min.js`);
    browser = await startChromium();
    process.stderr.write(`Screenshots of the payment page are in ${screenshots}\n`);
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await session.close();
    await simulator.close();
  });

  beforeEach(async () => {
    await simulator.reset();
    await simulator.control.createMerchant({ external_key: 'loja-teste', external_id: externalId });
    session.reset(externalId);
  });

  afterEach(async () => {
    const { errors } = window;
    await window.close();
    expect(errors).toEqual([]);
  });

  const open = async (device: Device = 'desktop', query = '', dark = false): Promise<void> => {
    window = await TestWindow.open(browser, screenshots, device, {
      locale: 'pt-BR',
      colorScheme: dark ? 'dark' : 'light',
      permissions: ['clipboard-read', 'clipboard-write'],
      // Chromium logs every refused call of a page as an error.
      refusedCalls: /\/pay\/|\/tokenize$/,
    });
    ({ page } = window);
    await window.goTo(`${session.url}${query}`);
  };

  const fillCustomer = async (): Promise<void> => {
    await page.getByLabel('Sobrenome').fill('Souza');
    await page.getByLabel('E-mail').fill('marina@example.com');
    await page.getByLabel('Celular com DDD').fill('+55 11 98888-7777');
    await page.getByLabel('CPF ou CNPJ', { exact: true }).fill(CPF);
  };

  const fillCard = async (number: string = cards.approved): Promise<void> => {
    await page.getByLabel('Número do cartão').fill(number);
    await page.getByLabel('Nome impresso no cartão').fill('MARINA SOUZA');
    await page.getByLabel('Validade (MM/AA)').fill('12/2030');
    await page.getByLabel('Código de segurança').fill('123');
    await page.getByLabel('CPF ou CNPJ do titular').fill(CPF);
  };

  const violations = (): Promise<string[]> => window.violations();
  const paid = (): Promise<void> => page.getByRole('heading', { name: 'Pagamento aprovado' }).waitFor();
  const chooseMethod = (name: string): Promise<void> => page.getByRole('radio', { name }).check();
  const bodyOf = (sent: Sent | undefined): Record<string, unknown> => ({ ...sent?.body });

  describe.each(DEVICES)('on a %s', (device) => {
    it('a card in installments is paid with its true total, and the shopper returns to the shop', async () => {
      await open(device);
      await page.getByRole('heading', { name: 'Resumo do pedido' }).waitFor();
      await page.getByLabel('Parcelas').selectOption('3');
      expect((await page.getByTestId('total').textContent())?.replace(/\s/, ' ')).toBe('R$ 169,50');
      await window.screenshot('form');
      expect(await violations()).toEqual([]);
      await fillCustomer();
      await fillCard();
      expect(await page.getByLabel('Número do cartão').inputValue()).toBe('4000 0000 0000 0010');
      expect(await page.getByLabel('Celular com DDD').inputValue()).toBe('(11) 98888-7777');
      await window.screenshot('form-filled');
      await page.getByRole('button', { name: PAY }).click();
      await paid();
      expect((await page.getByTestId('total').textContent())?.replace(/\s/, ' ')).toBe('R$ 169,50');
      await window.screenshot('paid');
      expect(await violations()).toEqual([]);
      expect(session.sent).toHaveLength(1);
      expect(bodyOf(session.sent[0])).toMatchObject({
        customer: { last_name: 'Souza', email: 'marina@example.com' },
        payment: { token: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown, installments: 3 },
      });
      expect(JSON.stringify(session.sent)).not.toContain(cards.approved);
      await page.waitForURL(`${session.origin}/thanks?session_id=${session.id}`);
    });

    it('a Pix shows its code, and its payment at once', async () => {
      await open(device);
      await fillCustomer();
      await chooseMethod('Pix');
      await page.getByRole('button', { name: 'Gerar Pix' }).click();
      await page.getByAltText('QR code do Pix').waitFor();
      await page.getByText(/Vence em 29:\d\d|Vence em 30:00/).waitFor();
      await window.screenshot('pix');
      expect(await violations()).toEqual([]);
      await page.getByRole('button', { name: 'Copiar' }).click();
      await page.getByText('Copiado').waitFor();
      session.complete();
      await paid();
    });

    it('a boleto shows its number, its barcode, its PDF and its due date', async () => {
      await open(device);
      await fillCustomer();
      await chooseMethod('Boleto');
      await page.getByRole('button', { name: 'Gerar boleto' }).click();
      await page.getByRole('img', { name: 'Código de barras do boleto' }).waitFor();
      await page.getByText('Vencimento: 10 de janeiro de 2030').waitFor();
      expect(await page.getByRole('link', { name: 'Abrir o PDF' }).getAttribute('href')).toContain(
        '/boleto.pdf',
      );
      await window.screenshot('boleto');
      expect(await violations()).toEqual([]);
    });

    it('mistakes are tied to their fields', async () => {
      await open(device);
      await fillCard('4000 0000 0000 0011');
      await page.getByRole('button', { name: PAY }).click();
      await page.getByText('Confira o número do cartão.').waitFor();
      await window.screenshot('mistakes');
      expect(await violations()).toEqual([]);
      expect(await page.getByLabel('Sobrenome').getAttribute('aria-invalid')).toBe('true');
      expect(await page.evaluate('document.activeElement.id')).toBe('last_name');
      expect(session.sent).toEqual([]);
    });
  });

  it('after a declined card what was typed is still there, and another card pays', async () => {
    await open();
    session.answers = [DECLINED];
    await fillCustomer();
    await fillCard(cards.declined);
    await page.getByRole('button', { name: PAY }).click();
    await page.getByText('O banco não autorizou o pagamento.').waitFor();
    await window.screenshot('declined');
    expect(await page.getByLabel('Nome impresso no cartão').inputValue()).toBe('MARINA SOUZA');
    await page.getByLabel('Número do cartão').fill(cards.approved);
    await page.getByRole('button', { name: PAY }).click();
    await paid();
    expect(new Set(session.sent.map(({ key }) => key)).size).toBe(2);
  });

  it('a double click pays once, also if the script gives two tokens', async () => {
    await simulator.control.change({ script_fires_twice: true });
    session.delayMilliseconds = 300;
    await open();
    await fillCustomer();
    await fillCard();
    await page.getByRole('button', { name: PAY }).dblclick();
    await paid();
    expect(session.sent).toHaveLength(1);
    expect((await simulator.control.requests()).by_route).toMatchObject({ 'POST /v1/payments/tokenize': 2 });
  });

  it('a lost answer is asked for again with the same key and token', async () => {
    session.answers = [null];
    await open();
    await fillCustomer();
    await fillCard();
    await page.getByRole('button', { name: PAY }).click();
    await paid();
    expect(session.sent).toHaveLength(2);
    expect(session.sent[1]).toEqual(session.sent[0]);
  });

  it('without a network nothing is lost, and the next click repeats the same payment', async () => {
    await open();
    await fillCustomer();
    await chooseMethod('Pix');
    session.isOffline = true;
    await page.getByRole('button', { name: 'Gerar Pix' }).click();
    await page.getByText('Sem conexão com a internet.').waitFor();
    expect(await page.getByLabel('Sobrenome').inputValue()).toBe('Souza');
    session.isOffline = false;
    await page.getByRole('button', { name: 'Gerar Pix' }).click();
    await page.getByAltText('QR code do Pix').waitFor();
    expect(new Set(session.sent.map(({ key }) => key)).size).toBe(1);
  });

  it('an unknown outcome is not paid again: the same key asks until it is known', async () => {
    const unknown = {
      status: 502,
      body: { message: 'payment outcome unknown', code: 'payment_outcome_unknown' },
    };
    session.answers = [unknown];
    await open();
    await fillCustomer();
    await fillCard();
    await page.getByRole('button', { name: PAY }).click();
    await page.getByRole('heading', { name: 'Confirmando o pagamento' }).waitFor();
    expect(await page.getByRole('button', { name: PAY }).count()).toBe(0);
    await window.screenshot('checking');
    session.complete();
    await paid();
    expect(new Set(session.sent.map(({ key }) => key)).size).toBe(1);
  });

  it('a click whose answer was lost is followed to its end while the service still works on it', async () => {
    const running = { status: 409, body: { message: 'still running', code: 'request_in_progress' } };
    // As many as the page sends before it tells the shopper.
    session.answers = [null, ...new Array<typeof running>(5).fill(running)];
    await open();
    await fillCustomer();
    await fillCard();
    await page.getByRole('button', { name: PAY }).click();
    await page.getByRole('heading', { name: 'Confirmando o pagamento' }).waitFor();
    await paid();
    expect(session.sent).toHaveLength(7);
    expect(new Set(session.sent.map(({ key }) => key)).size).toBe(1);
  });

  it('a Pix that expires is replaced by a new one', async () => {
    session.pixLifetimeSeconds = 2;
    await open();
    await fillCustomer();
    await chooseMethod('Pix');
    await page.getByRole('button', { name: 'Gerar Pix' }).click();
    await page.getByText('Este código Pix venceu.').waitFor();
    await window.screenshot('pix-expired');
    expect(await page.getByAltText('QR code do Pix').count()).toBe(0);
    session.pixLifetimeSeconds = 1800;
    await page.getByRole('button', { name: 'Gerar novo código' }).click();
    await page.getByAltText('QR code do Pix').waitFor();
    expect(new Set(session.sent.map(({ key }) => key)).size).toBe(2);
  });

  it('a reload keeps the details of the shopper but no card, and shows an open Pix again', async () => {
    await open();
    await fillCustomer();
    await fillCard();
    await page.reload();
    expect(await page.getByLabel('Sobrenome').inputValue()).toBe('Souza');
    expect(await page.getByLabel('Número do cartão').inputValue()).toBe('');
    await chooseMethod('Pix');
    await page.getByRole('button', { name: 'Gerar Pix' }).click();
    await page.getByAltText('QR code do Pix').waitFor();
    await page.reload();
    await page.getByAltText('QR code do Pix').waitFor();
    await page.getByRole('button', { name: 'Escolher outra forma de pagamento' }).click();
    await page.getByRole('radio', { name: 'Boleto' }).waitFor();
  });

  it('going back from the shop shows the payment, without another redirect', async () => {
    await open();
    await fillCustomer();
    await fillCard();
    await page.getByRole('button', { name: PAY }).click();
    await page.waitForURL(/thanks/);
    await page.goBack();
    await paid();
    await page.getByText('Você volta para a loja em instantes.').waitFor({ state: 'detached' });
    expect(page.url()).toBe(session.url);
  });

  it('an expired session and an unknown one say what to do', async () => {
    session.view['status'] = 'expired';
    await open();
    await page.getByRole('heading', { name: 'Este link de pagamento venceu' }).waitFor();
    await window.screenshot('expired');
    expect(await violations()).toEqual([]);
    await window.goTo(`${session.origin}/pay/cs_unknown`);
    await page.getByRole('heading', { name: 'Link de pagamento não encontrado' }).waitFor();
    expect(await violations()).toEqual([]);
  });

  it('the card form says so if the script cannot be loaded', async () => {
    session.view['card'] = {
      external_id: externalId,
      environment: 'sandbox',
      script_url: `${simulator.origin}/none.js`,
    };
    window = await TestWindow.open(browser, screenshots, 'desktop', {
      locale: 'pt-BR',
      refusedCalls: /none\.js/,
    });
    ({ page } = window);
    await window.goTo(session.url);
    await page.getByText('O pagamento com cartão não carregou.').waitFor();
  });

  it('the page is in English by ?lang=, in the dark if the browser prefers it', async () => {
    await open('desktop', '?lang=en', true);
    await page.getByRole('heading', { name: 'Order summary' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect((await page.getByTestId('total').textContent())?.replace(/\s/, ' ')).toBe('R$159.90');
    await window.screenshot('form-english-dark');
    expect(await violations()).toEqual([]);
  });
});
