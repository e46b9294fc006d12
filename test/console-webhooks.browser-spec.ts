import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { type Sale, Shop } from '../quickstart/shop';
import { type Device, screenshotsDirectory, startChromium, TestWindow, WIDTHS } from './support/browser';
import { send } from './support/http';
import { Quickstart } from './support/quickstart';

const DEVICES = Object.keys(WIDTHS) as Device[];

/** The names that the tests look for, in both languages. */
const NAMES = {
  'pt-BR': { key: 'Chave secreta', signIn: 'Entrar', replay: 'Processar de novo', make: 'Criar link' },
  en: { key: 'Secret key', signIn: 'Sign in', replay: 'Process again', make: 'Make a link' },
} as const;
const LOCALES = ['pt-BR', 'en'] as const;
type Locale = (typeof LOCALES)[number];

describe("The console's webhooks and payment links in a browser", () => {
  const screenshots = screenshotsDirectory();
  const shopKey = `console-${randomUUID().slice(0, 8)}`;
  let quickstart: Quickstart;
  let browser: Browser;
  let window: TestWindow;
  let paid: Sale;
  let sessionId: string;
  let webhookId: number;
  const keys: { full: string; read: string } = { full: '', read: '' };

  beforeAll(async () => {
    quickstart = await Quickstart.prepare();
    await quickstart.start();
    browser = await startChromium();
    process.stderr.write(`Screenshots of the webhooks and links are in ${screenshots}\n`);
    keys.full = quickstart.settings().secretKey;
    const headers = { authorization: `Bearer ${keys.full}` };
    const { body } = await send('POST', `${quickstart.serviceUrl}/admin/keys`, {
      body: { name: 'reader', scopes: ['read'] },
      headers,
    });
    keys.read = body['key'] as string;
    const shop = new Shop(quickstart.settings(), shopKey);
    await shop.install();
    paid = await shop.payByCard();
    await shop.statusAfter(paid, 'aprovado', 20);
    sessionId = (await shop.openSession()).id;
    const list = await send(
      'GET',
      `${quickstart.serviceUrl}/admin/webhook-events?order_id=${paid.orderId}&external_key=${shopKey}`,
      { headers },
    );
    webhookId = (list.body['data'] as { id: number }[])[0]!.id;
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await quickstart.remove();
  }, 60_000);

  afterEach(async () => {
    const { errors } = window;
    await window.close();
    expect(errors).toEqual([]);
  });

  const open = async (
    path: string,
    {
      device = 'desktop',
      locale = 'pt-BR',
      key = keys.full,
    }: { device?: Device; locale?: Locale; key?: string } = {},
  ): Promise<Page> => {
    window = await TestWindow.open(browser, screenshots, device, {
      locale,
      colorScheme: locale === 'en' ? 'dark' : 'light',
      // Without a sign-in, this is answered 401.
      refusedCalls: /\/console\/session$/,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const { page } = window;
    await window.goTo(`${quickstart.serviceUrl}/console${path}`);
    await page.getByLabel(NAMES[locale].key).fill(key);
    await page.getByRole('button', { name: NAMES[locale].signIn, exact: true }).click();
    return page;
  };

  describe.each(DEVICES)('on a %s', (device) => {
    describe.each(LOCALES)('in %s', (locale) => {
      it.each<[string, () => string, string]>([
        ['webhooks', () => '/webhooks?show=all', '[data-row]'],
        ['webhook', () => `/webhooks/${webhookId}`, '.facts'],
        ['problems', () => '/webhooks?event=NoSuchEvent', '.empty'],
        ['sessions', () => `/sessions?shop=${shopKey}`, '[data-row]'],
        ['session', () => `/sessions/${sessionId}?shop=${shopKey}`, '.facts'],
      ])('the view %s fits and passes axe', async (name, path, ready) => {
        const page = await open(path(), { device, locale });
        await page.locator(ready).first().waitFor();
        await window.screenshot(`${name}-${locale}`);
        expect(await window.violations()).toEqual([]);
      });

      it('the dialogs fit and pass axe', async () => {
        const page = await open(`/sessions?shop=${shopKey}`, { device, locale });
        await page.getByRole('button', { name: NAMES[locale].make, exact: true }).click();
        await page.getByRole('dialog').waitFor();
        await window.screenshot(`make-${locale}`);
        expect(await window.violations()).toEqual([]);
      });

      it('with a key that may only read, the actions are disabled and say why', async () => {
        const page = await open(`/webhooks/${webhookId}`, { device, locale, key: keys.read });
        const { replay, make } = NAMES[locale];
        await page.locator('.facts').waitFor();
        expect(await page.getByRole('button', { name: replay }).isDisabled()).toBe(true);
        await page
          .getByText(/“operate”/)
          .first()
          .waitFor();
        await window.screenshot(`webhook-read-only-${locale}`);
        await window.goTo(`${quickstart.serviceUrl}/console/sessions?shop=${shopKey}`);
        await page.locator('[data-row]').first().waitFor();
        expect(await page.getByRole('button', { name: make }).isDisabled()).toBe(true);
        await window.screenshot(`sessions-read-only-${locale}`);
        expect(await window.violations()).toEqual([]);
      });
    });
  });

  it('a webhook is processed again, and its result is shown', async () => {
    const page = await open(`/webhooks/${webhookId}`);
    await page.getByRole('button', { name: 'Processar de novo' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Processar de novo' }).click();
    await dialog.getByText(/O webhook \d+ agora está: /).waitFor();
    await window.screenshot('replayed');
  });

  it('a selection of webhooks needs a day, is processed again, and its result is shown', async () => {
    const page = await open('/webhooks');
    await page.getByRole('button', { name: 'Processar vários de novo…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Processar de novo' }).click();
    await dialog.getByText('Escolha o dia em que a seleção começa.').waitFor();
    await dialog.getByLabel('Recebidos desde').fill('2026-01-01');
    await window.screenshot('replay-selection');
    await dialog.getByRole('button', { name: 'Processar de novo' }).click();
    await dialog.getByText(/\d+ processados: \d+ aplicados/).waitFor();
  });

  it('a filter keeps the tab, and finds the webhooks of an order', async () => {
    const page = await open('/webhooks?show=all');
    await page.getByLabel('Nº do pedido').fill(String(paid.orderId));
    await page.keyboard.press('Enter');
    await page.waitForURL(/order_id=/);
    expect(page.url()).toContain('show=all');
    await page
      .locator('[data-row]', { hasText: String(paid.orderId) })
      .first()
      .waitFor();
  });

  it('a link is made, copied and expired', async () => {
    const page = await open(`/sessions?shop=${shopKey}`);
    await page.getByRole('button', { name: 'Criar link', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Criar link' }).click();
    await dialog.getByText(/Cada produto precisa de nome/).waitFor();
    await dialog.getByLabel('Nome').fill('Camiseta');
    await dialog.getByLabel('Quantidade').fill('2');
    await dialog.getByLabel('Preço unitário (R$)').fill('49,90');
    await dialog.getByLabel('Boleto').uncheck();
    await dialog.getByLabel('Máximo de parcelas no cartão').selectOption('3');
    await dialog.getByLabel('Validade').selectOption('60');
    await dialog.getByRole('button', { name: /Criar link de R\$\s99,80/ }).click();
    await dialog.getByText(/Link de R\$\s99,80 criado/).waitFor();
    await dialog.getByRole('button', { name: 'Fechar' }).click();
    await page.waitForURL(/\/console\/sessions\/[^?]+\?shop=/);
    await page.getByRole('button', { name: /^Copiar/ }).click();
    const link = await page.getByLabel('Link para enviar ao cliente').inputValue();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(link);
    await page.getByRole('button', { name: 'Encerrar o link' }).click();
    await dialog.getByRole('button', { name: 'Encerrar o link' }).click();
    await dialog.getByText('O link agora está: vencido.').waitFor();
    await dialog.getByRole('button', { name: 'Fechar' }).click();
    await page.getByText('O link não aceita mais pagamentos.').waitFor();
  });
});
