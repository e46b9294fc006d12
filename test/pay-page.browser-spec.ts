import type { Browser, Page } from 'playwright-core';
import { type Device, screenshotsDirectory, startChromium, TestWindow, WIDTHS } from './support/browser';
import { FakeSession, type Sent } from './support/fake-session';
import { CPF } from './support/shop';
import { cards } from './support/simulator-merchant';
import { externalId, SimulatorWorld } from './support/simulator-world';

const DEVICES = Object.keys(WIDTHS) as Device[];
const DECLINED = { status: 422, body: { message: 'payment declined', code: 'payment_declined' } };
const PAY = /^Pagar/;
/** The values that a shopper types, by the ids of the fields. */
const TYPED = {
  last_name: 'Souza',
  email: 'marina@example.com',
  phone: '11988887777',
  document_number: CPF,
  'card-number': cards.approved,
  'card-name': 'MARINA SOUZA',
  'card-expiry': '12/2030',
  'card-code': '123',
  'holder-document': CPF,
};

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

  const openAndPay = async (): Promise<void> => {
    await open();
    await fillCustomer();
    await fillCard();
    await page.getByRole('button', { name: PAY }).click();
  };

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
    await page.route('**/view', (route) => route.abort());
    await page.getByRole('button', { name: 'Gerar Pix' }).click();
    await page.getByText('Sem conexão com a internet.').waitFor();
    expect(await page.getByLabel('Sobrenome').inputValue()).toBe('Souza');
    session.isOffline = false;
    await page.unroute('**/view');
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

  describe('what is shown is what is sent', () => {
    const totalOf = async (): Promise<string | undefined> =>
      (await page.getByTestId('total').textContent())?.replace(/\s/, ' ');

    it('installments without a known total cannot be paid', async () => {
      await open();
      await page.getByLabel('Parcelas').selectOption('3');
      await fillCustomer();
      await fillCard();
      // The price of the chosen installments is not known after it has changed.
      session.planTotal = 17_100;
      await page.route('**/installments', (route) => route.abort());
      await page.getByRole('button', { name: PAY }).click();
      await page.getByRole('button', { name: 'Escolha as parcelas' }).waitFor();
      await page.getByLabel('Nome impresso no cartão').press('Enter');
      expect(session.sent).toHaveLength(1);
      await page.getByLabel('Parcelas').selectOption('1');
      expect(await totalOf()).toBe('R$ 159,90');
      await page.getByRole('button', { name: PAY }).click();
      await paid();
      expect(session.sent[1]?.body).toMatchObject({ payment: { installments: 1, total_value: 15_990 } });
    });

    it('the chosen installments are still shown after another method was tried', async () => {
      await open();
      await page.getByLabel('Parcelas').selectOption('3');
      await fillCustomer();
      await chooseMethod('Pix');
      await page.getByRole('button', { name: 'Gerar Pix' }).click();
      await page.getByAltText('QR code do Pix').waitFor();
      session.plansFail = true;
      await page.getByRole('button', { name: 'Escolher outra forma de pagamento' }).click();
      await chooseMethod('Cartão de crédito');
      await fillCard();
      expect(await totalOf()).toBe('R$ 169,50');
      await page.getByRole('button', { name: PAY }).click();
      await paid();
      expect(session.sent[1]?.body).toMatchObject({ payment: { installments: 3, total_value: 16_950 } });
    });

    it.each([
      ['', 'O valor das parcelas mudou', PAY, '171,00'],
      ['?lang=en', 'The price of the instalments has changed', /^Pay/, '171.00'],
    ])('a changed price is charged only after another click (%s)', async (query, text, button, total) => {
      await open('desktop', query);
      await page.locator('#installments').selectOption('3');
      for (const [id, value] of Object.entries(TYPED)) await page.locator(`#${id}`).fill(value);
      session.planTotal = 17_100;
      await page.getByRole('button', { name: button }).click();
      await page.getByText(text).waitFor();
      await page.getByRole('button', { name: total }).waitFor();
      expect(await page.locator('#card-name').inputValue()).toBe('MARINA SOUZA');
      expect(session.sent).toHaveLength(1);
      await page.getByRole('button', { name: total }).click();
      await page.locator('.outcome').waitFor();
      expect(await totalOf()).toContain(total);
      expect(session.sent.map(({ body }) => body['payment'])).toMatchObject([
        { total_value: 16_950 },
        { total_value: 17_100 },
      ]);
      expect(new Set(session.sent.map(({ key }) => key)).size).toBe(2);
    });
  });

  describe('an answer that leaves the outcome open', () => {
    it.each([
      ['a database failure', 503, 'database_unavailable'],
      ['an unexpected error', 500, 'internal_server_error'],
    ])(
      '%s is followed with the same key, and is never called a payment that was not made',
      async (_, status, code) => {
        // More than the client repeats by itself.
        session.answers = Array.from({ length: 50 }, () => ({ status, body: { message: 'failed', code } }));
        await open();
        await fillCustomer();
        await fillCard();
        await page.getByRole('button', { name: PAY }).click();
        await page.getByRole('heading', { name: 'Confirmando o pagamento' }).waitFor();
        expect(await page.getByText('O pagamento não foi feito').count()).toBe(0);
        session.answers = [];
        await paid();
        expect(session.sent[1]).toEqual(session.sent[0]);
      },
    );

    it('it stays open while another request pays for the session', async () => {
      const inProgress = { status: 409, body: { message: 'in progress', code: 'payment_in_progress' } };
      const unknown = { status: 502, body: { message: 'unknown', code: 'payment_outcome_unknown' } };
      session.answers = [unknown, inProgress];
      await openAndPay();
      await page.waitForResponse((answer) => answer.status() === 409, { timeout: 15_000 });
      // Long enough to show a refusal, and shorter than the pause before the next repeat.
      await page.waitForTimeout(1_000);
      await page.getByRole('heading', { name: 'Confirmando o pagamento' }).waitFor();
      await paid();
      expect(session.sent).toHaveLength(3);
      expect(new Set(session.sent.map(({ key }) => key)).size).toBe(1);
    });

    it('it ends when the service knows of no payment under way, and the next click repeats the same one', async () => {
      const failed = { status: 503, body: { message: 'failed', code: 'database_unavailable' } };
      session.answers = [failed, failed];
      await openAndPay();
      await page.getByText('Não conseguimos confirmar o pagamento.').waitFor();
      await page.getByRole('button', { name: PAY }).click();
      await paid();
      expect(session.sent).toHaveLength(3);
      expect(session.sent[2]).toEqual(session.sent[0]);
    });

    it('a reload shows it until the outcome is known', async () => {
      session.view['payment_under_way'] = true;
      await open();
      await page.getByRole('heading', { name: 'Confirmando o pagamento' }).waitFor();
      expect(await page.getByRole('button', { name: PAY }).count()).toBe(0);
      session.view['payment_under_way'] = false;
      await page.getByRole('button', { name: PAY }).waitFor();
      expect(session.sent).toEqual([]);
    });

    it('a Pix whose answer was lost is renewed with a new key once it expired', async () => {
      session.pixLifetimeSeconds = 2;
      await open();
      await fillCustomer();
      await chooseMethod('Pix');
      await page.route('**/view', (route) => route.abort());
      session.isOffline = true;
      await page.getByRole('button', { name: 'Gerar Pix' }).click();
      await page.getByText('Sem conexão com a internet.').waitFor();
      session.isOffline = false;
      await page.unroute('**/view');
      await page.getByRole('button', { name: 'Gerar Pix' }).click();
      await page.getByText('Este código Pix venceu.').waitFor();
      session.pixLifetimeSeconds = 1800;
      await page.getByRole('button', { name: 'Gerar novo código' }).click();
      await page.getByAltText('QR code do Pix').waitFor();
      expect(new Set(session.sent.map(({ key }) => key)).size).toBe(2);
    });
  });

  it('an open Pix of an expired session is followed to its payment', async () => {
    const expires = new Date(Date.now() + 1_800_000).toISOString();
    Object.assign(session.view, {
      status: 'expired',
      pix: { qr_code: 'AAAA', emv: 'x', expires_at: expires },
    });
    await open();
    await page.getByRole('heading', { name: 'Pague com Pix' }).waitFor();
    expect(await page.getByRole('button', { name: 'Escolher outra forma de pagamento' }).count()).toBe(0);
    session.complete();
    await paid();
    await page.getByText('Você volta para a loja em instantes.').waitFor();
  });

  it.each([
    ['a refused field', 400, { code: 'invalid_request_body', errors: [{ field: 'customer.email' }] }],
    ['an order that Appmax did not create', 502, { code: 'order_creation_failed' }],
  ])('details of the shopper can be corrected after %s', async (_, status, body) => {
    session.answers = [{ status, body: { message: 'refused', ...body } }];
    await openAndPay();
    await page.locator('.notice.bad').waitFor();
    expect(session.view['missing_fields']).toEqual([]);
    await page.getByLabel('E-mail').fill('marina.souza@example.com');
    await page.getByRole('button', { name: PAY }).click();
    await paid();
    expect(session.sent[1]?.body).toMatchObject({
      customer: { last_name: 'Souza', email: 'marina.souza@example.com' },
    });
  });

  it('details that were typed in another tab are shown empty to be corrected', async () => {
    Object.assign(session.view, {
      customer: { first_name: 'M…', email: 'm…@example.com' },
      missing_fields: [],
      typed_fields: ['email'],
    });
    await open();
    await page.getByText('m…@example.com').waitFor();
    expect(await page.getByLabel('E-mail').count()).toBe(0);
    await page.getByRole('button', { name: 'Alterar meus dados' }).click();
    expect(await page.getByLabel('E-mail').inputValue()).toBe('');
    expect(await violations()).toEqual([]);
    await page.getByLabel('E-mail').fill('marina@example.com');
    await fillCard();
    await page.getByRole('button', { name: PAY }).click();
    await paid();
    expect(session.sent[0]?.body).toMatchObject({ customer: { email: 'marina@example.com' } });
  });

  it('a token that comes too late does not pay for another card', async () => {
    const tokens = ['a'.repeat(32), 'b'.repeat(32)];
    const held: (() => Promise<void>)[] = [];
    await open();
    await page.clock.install();
    await page.route('**/tokenize', (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      const token = tokens[held.length];
      held.push(() =>
        route.fulfill({
          status: 201,
          headers: { 'access-control-allow-origin': '*' },
          json: { data: { token } },
        }),
      );
      return undefined;
    });
    await fillCustomer();
    await fillCard();
    const asked = async (count: number): Promise<void> => {
      while (held.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await page.getByRole('button', { name: PAY }).click();
    await asked(1);
    await page.clock.fastForward(31_000);
    await page.getByText('A Appmax não respondeu a tempo').waitFor();
    await page.getByLabel('Número do cartão').fill(cards.declined);
    await page.getByRole('button', { name: PAY }).click();
    await asked(2);
    for (const answer of held) await answer();
    await paid();
    expect(session.sent.map(({ body }) => body['payment'])).toMatchObject([{ token: tokens[1] }]);
  });
});
