import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { type Sale, Shop } from '../quickstart/shop';
import { type Device, screenshotsDirectory, startChromium, TestWindow, WIDTHS } from './support/browser';
import { eventually } from './support/eventually';
import { send } from './support/http';
import { Quickstart } from './support/quickstart';

const DEVICES = Object.keys(WIDTHS) as Device[];
const LOCALES = ['pt-BR', 'en'] as const;
type Locale = (typeof LOCALES)[number];

/** The names that the tests look for, in both languages. */
const NAMES = {
  'pt-BR': { key: 'Chave secreta', signIn: 'Entrar', refund: 'Reembolsar', ask: 'Consultar a Appmax agora' },
  en: { key: 'Secret key', signIn: 'Sign in', refund: 'Refund', ask: 'Ask Appmax now' },
} as const;

/** The paths of the views, with what is shown once their data are there. */
const VIEWS = {
  overview: ['', '.chart'],
  orders: ['/orders', '[data-row]'],
  operations: ['/operations', '[data-row]'],
  missing: ['/nowhere', 'h1'],
} as const;

describe('The console in a browser', () => {
  const screenshots = screenshotsDirectory();
  let quickstart: Quickstart;
  let browser: Browser;
  let window: TestWindow;
  let shop: Shop;
  let paid: Sale;
  const keys: { full: string; read: string } = { full: '', read: '' };

  beforeAll(async () => {
    quickstart = await Quickstart.prepare();
    await quickstart.start();
    browser = await startChromium();
    process.stderr.write(`Screenshots of the console are in ${screenshots}\n`);
    keys.full = quickstart.settings().secretKey;
    const { body } = await send('POST', `${quickstart.serviceUrl}/admin/keys`, {
      body: { name: 'reader', scopes: ['read'] },
      headers: { authorization: `Bearer ${keys.full}` },
    });
    keys.read = body['key'] as string;
    shop = new Shop(quickstart.settings(), `console-${randomUUID().slice(0, 8)}`);
    await shop.install();
    paid = await sell();
    const pending = await shop.payByPix();
    expect(pending.orderId).not.toBe(paid.orderId);
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

  const sell = async (): Promise<Sale> => {
    const sale = await shop.payByCard();
    await shop.statusAfter(sale, 'aprovado', 20);
    return sale;
  };

  const open = async (
    path: string,
    {
      device = 'desktop',
      locale = 'pt-BR',
      key = keys.full,
    }: { device?: Device; locale?: Locale; key?: string | undefined } = {},
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
    await page.getByLabel(NAMES[locale].key).waitFor();
    await page.getByLabel(NAMES[locale].key).fill(key);
    await page.getByRole('button', { name: NAMES[locale].signIn, exact: true }).click();
    return page;
  };

  describe.each(DEVICES)('on a %s', (device) => {
    describe.each(LOCALES)('in %s', (locale) => {
      it('the sign-in refuses a wrong key, and passes axe', async () => {
        const page = await open('/orders', { device, locale, key: 'sk_wrong_0123456789abcdef' });
        await page.getByRole('alert').waitFor();
        await window.screenshot(`sign-in-${locale}`);
        expect(await window.violations()).toEqual([]);
        expect(await page.locator('[data-row]').count()).toBe(0);
      });

      it.each(Object.entries(VIEWS))('the view %s fits and passes axe', async (name, [path, ready]) => {
        const page = await open(path, { device, locale });
        await page.locator(ready).first().waitFor();
        await window.screenshot(`${name}-${locale}`);
        expect(await window.violations()).toEqual([]);
        expect(await page.locator('html').getAttribute('lang')).toBe(locale);
      });

      it('an order shows its history, and its actions with a full key', async () => {
        const page = await open(`/orders/${paid.orderId}`, { device, locale });
        await page.locator('.timeline').waitFor();
        await window.screenshot(`order-${locale}`);
        expect(await window.violations()).toEqual([]);
        await page.getByRole('button', { name: NAMES[locale].refund, exact: true }).click();
        await page.getByRole('dialog').waitFor();
        await window.screenshot(`refund-${locale}`);
        expect(await window.violations()).toEqual([]);
      });

      it('with a key that may only read, the actions are disabled and say why', async () => {
        const page = await open(`/orders/${paid.orderId}`, { device, locale, key: keys.read });
        const { refund, ask } = NAMES[locale];
        await page.locator('.timeline').waitFor();
        expect(await page.getByRole('button', { name: refund, exact: true }).isDisabled()).toBe(true);
        expect(await page.getByRole('button', { name: ask }).isDisabled()).toBe(true);
        await page.getByText(/“operate”/).waitFor();
        await window.screenshot(`order-read-only-${locale}`);
        expect(await window.violations()).toEqual([]);
      });
    });
  });

  it('nothing of the key is in the page, its storage or a cookie that scripts can read', async () => {
    const page = await open('/orders');
    await page.locator('[data-row]').first().waitFor();
    const seen = await page.evaluate<string>(
      'document.documentElement.outerHTML + document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })',
    );
    expect(seen).not.toContain(keys.full);
    expect(await page.evaluate('document.cookie + localStorage.length + sessionStorage.length')).toBe('00');
  });

  it('the filters are in the address, and the back button takes them back', async () => {
    const page = await open('/orders');
    await page.locator('[data-row]').nth(1).waitFor();
    await page.getByLabel('Nº do pedido').fill(String(paid.orderId));
    await page.keyboard.press('Enter');
    await page.waitForURL(/order_id=/);
    await eventually(async () => {
      expect(await page.locator('[data-row]').count()).toBe(1);
    });
    await page.goBack();
    await page.locator('[data-row]').nth(1).waitFor();
    await window.goTo(`${quickstart.serviceUrl}/console/orders?status=estornado&min=99999`);
    await page.getByText('Nada encontrado com estes filtros.').waitFor();
    await window.screenshot('empty');
    await window.goTo(`${quickstart.serviceUrl}/console/orders?min=abc`);
    await page.getByText('“abc” não é um valor válido para “Valor mínimo”.').waitFor();
  });

  it('the keyboard searches, moves in the list, opens an order and goes back', async () => {
    const page = await open('/orders');
    await page.locator('[data-row]').nth(1).waitFor();
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.name')).toBe('order_id');
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('.timeline').waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/console\/orders\/\d+$/);
    await page.keyboard.press('Escape');
    await page.locator('[data-row]').first().waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/orders');
  });

  it('a new order and its payment are shown without a reload', async () => {
    const page = await open('/orders');
    await page.locator('[data-row]').first().waitFor();
    const sale = await shop.payByPix();
    const row = page.locator('[data-row]', { hasText: String(sale.orderId) });
    await row.getByText('Pendente').waitFor();
    await row.click();
    await page.locator('h1', { hasText: 'Pendente' }).waitFor();
    await shop.atAppmax(sale, 'pay');
    await page.locator('h1', { hasText: 'Aprovado' }).waitFor();
  });

  it('a part and then the rest of an order are refunded, with a reason', async () => {
    const sale = await sell();
    const page = await open(`/orders/${sale.orderId}`);
    await page.getByRole('button', { name: 'Reembolsar', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Uma parte').check();
    await dialog.getByLabel(/Valor a devolver/).fill('999,00');
    await dialog.getByLabel('Motivo').fill('Devolução');
    await dialog.getByRole('button', { name: 'Reembolsar' }).click();
    await dialog.getByText(/Digite um valor entre/).waitFor();
    await dialog.getByLabel(/Valor a devolver/).fill('10,50');
    await dialog.getByRole('button', { name: /Devolver R\$\s10,50/ }).click();
    await dialog.getByText(/Reembolso de R\$\s10,50 pedido à Appmax/).waitFor();
    await window.screenshot('refund-done');
    await dialog.getByRole('button', { name: 'Fechar' }).click();
    await page.getByText('Motivo: Devolução').waitFor();
    await page.getByRole('button', { name: 'Reembolsar', exact: true }).click();
    // Only the rest can be returned now.
    await dialog.getByText(/até R\$\s149,40/).waitFor();
  });

  it('Appmax is asked for an order, and its answer is shown', async () => {
    const page = await open(`/orders/${paid.orderId}`);
    await page.getByRole('button', { name: 'Consultar a Appmax agora' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Consultar a Appmax agora' }).click();
    await dialog.getByText('A Appmax confirma: Aprovado.').waitFor();
  });

  it('the orders of the filters are saved as CSV', async () => {
    const page = await open('/orders');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Exportar CSV' }).click();
    expect((await download).suggestedFilename()).toBe('orders.csv');
    await page.getByText(/linhas exportadas/).waitFor();
  });

  it('a sign-out ends the session, and the sign-in leads back to the view', async () => {
    const page = await open('/operations');
    await page.locator('[data-row]').first().waitFor();
    await page.getByRole('button', { name: 'Sair', exact: true }).click();
    await page.getByLabel('Chave secreta').fill(keys.read);
    await page.getByRole('button', { name: 'Entrar', exact: true }).click();
    await page.getByText('Chave reader').waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/operations');
    await page.getByRole('button', { name: 'Sair de todos os navegadores' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sair de todos os navegadores' }).click();
    await page.getByRole('heading', { name: 'Entrar no painel' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Entrar no painel' }).waitFor();
  });
});
