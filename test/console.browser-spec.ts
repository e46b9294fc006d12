import { randomUUID } from 'node:crypto';
import { type Sale, Shop } from '../quickstart/shop';
import { ConsoleInTest, DEVICES, LOCALES } from './support/console';
import { eventually } from './support/eventually';

/** The names that the tests look for, in both languages. */
const NAMES = {
  'pt-BR': { refund: 'Reembolsar', ask: 'Consultar a Appmax agora' },
  en: { refund: 'Refund', ask: 'Ask Appmax now' },
} as const;

/** The paths of the views, with what is shown once their data are there. */
const VIEWS = {
  overview: ['', '.chart'],
  orders: ['/orders', '[data-row]'],
  operations: ['/operations', '[data-row]'],
  missing: ['/nowhere', 'h1'],
} as const;

describe('The console in a browser', () => {
  let panel: ConsoleInTest;
  let readKey: string;
  let shop: Shop;
  let paid: Sale;

  beforeAll(async () => {
    panel = await ConsoleInTest.start('the console');
    readKey = await panel.makeKey();
    shop = new Shop(panel.quickstart.settings(), `console-${randomUUID().slice(0, 8)}`);
    await shop.install();
    paid = await sell();
    const pending = await shop.payByPix();
    expect(pending.orderId).not.toBe(paid.orderId);
  }, 120_000);

  afterAll(async () => {
    await panel.stop();
  }, 60_000);

  afterEach(async () => {
    expect(await panel.closeWindow()).toEqual([]);
  });

  const sell = async (): Promise<Sale> => {
    const sale = await shop.payByCard();
    await shop.statusAfter(sale, 'aprovado', 20);
    return sale;
  };

  describe.each(DEVICES)('on a %s', (device) => {
    describe.each(LOCALES)('in %s', (locale) => {
      it('the sign-in refuses a wrong key, and passes axe', async () => {
        const page = await panel.open('/orders', { device, locale, key: 'sk_wrong_0123456789abcdef' });
        await page.getByRole('alert').waitFor();
        await panel.window.screenshot(`sign-in-${locale}`);
        expect(await panel.window.violations()).toEqual([]);
        expect(await page.locator('[data-row]').count()).toBe(0);
      });

      it.each(Object.entries(VIEWS))('the view %s fits and passes axe', async (name, [path, ready]) => {
        const page = await panel.open(path, { device, locale });
        await page.locator(ready).first().waitFor();
        await panel.window.screenshot(`${name}-${locale}`);
        expect(await panel.window.violations()).toEqual([]);
        expect(await page.locator('html').getAttribute('lang')).toBe(locale);
      });

      it('an order shows its history, and its actions with a full key', async () => {
        const page = await panel.open(`/orders/${paid.orderId}`, { device, locale });
        await page.locator('.timeline').waitFor();
        await panel.window.screenshot(`order-${locale}`);
        expect(await panel.window.violations()).toEqual([]);
        await page.getByRole('button', { name: NAMES[locale].refund, exact: true }).click();
        await page.getByRole('dialog').waitFor();
        await panel.window.screenshot(`refund-${locale}`);
        expect(await panel.window.violations()).toEqual([]);
      });

      it('with a key that may only read, the actions are disabled and say why', async () => {
        const page = await panel.open(`/orders/${paid.orderId}`, { device, locale, key: readKey });
        const { refund, ask } = NAMES[locale];
        await page.locator('.timeline').waitFor();
        expect(await page.getByRole('button', { name: refund, exact: true }).isDisabled()).toBe(true);
        expect(await page.getByRole('button', { name: ask }).isDisabled()).toBe(true);
        await page.getByText(/“operate”/).waitFor();
        await panel.window.screenshot(`order-read-only-${locale}`);
        expect(await panel.window.violations()).toEqual([]);
      });
    });
  });

  it('nothing of the key is in the page, its storage or a cookie that scripts can read', async () => {
    const page = await panel.open('/orders');
    await page.locator('[data-row]').first().waitFor();
    const seen = await page.evaluate<string>(
      'document.documentElement.outerHTML + document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })',
    );
    expect(seen).not.toContain(panel.fullKey);
    expect(await page.evaluate('document.cookie + localStorage.length + sessionStorage.length')).toBe('00');
  });

  it('the filters are in the address, and the back button takes them back', async () => {
    const page = await panel.open('/orders');
    await page.locator('[data-row]').nth(1).waitFor();
    await page.getByLabel('Nº do pedido').fill(String(paid.orderId));
    await page.keyboard.press('Enter');
    await page.waitForURL(/order_id=/);
    await eventually(async () => {
      expect(await page.locator('[data-row]').count()).toBe(1);
    });
    await page.goBack();
    await page.locator('[data-row]').nth(1).waitFor();
    await panel.goTo('/orders?status=estornado&min=99999');
    await page.getByText('Nada encontrado com estes filtros.').waitFor();
    await panel.window.screenshot('empty');
    await panel.goTo('/orders?min=abc');
    await page.getByText('“abc” não é um valor válido para “Valor mínimo”.').waitFor();
  });

  it('the keyboard searches, moves in the list, opens an order and goes back', async () => {
    const page = await panel.open('/orders');
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
    const page = await panel.open('/orders');
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
    const page = await panel.open(`/orders/${sale.orderId}`);
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
    await panel.window.screenshot('refund-done');
    await dialog.getByRole('button', { name: 'Fechar' }).click();
    await page.getByText('Motivo: Devolução').waitFor();
    await page.getByRole('button', { name: 'Reembolsar', exact: true }).click();
    // Only the rest can be returned now.
    await dialog.getByText(/até R\$\s149,40/).waitFor();
  });

  it('Appmax is asked for an order, and its answer is shown', async () => {
    const page = await panel.open(`/orders/${paid.orderId}`);
    await page.getByRole('button', { name: 'Consultar a Appmax agora' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Consultar a Appmax agora' }).click();
    await dialog.getByText('A Appmax confirma: Aprovado.').waitFor();
  });

  it('the orders of the filters are saved as CSV', async () => {
    const page = await panel.open('/orders');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Exportar CSV' }).click();
    expect((await download).suggestedFilename()).toBe('orders.csv');
    await page.getByText(/linhas exportadas/).waitFor();
  });

  it('a sign-out ends the session, and the sign-in leads back to the view', async () => {
    const page = await panel.open('/operations');
    await page.locator('[data-row]').first().waitFor();
    await page.getByRole('button', { name: 'Sair', exact: true }).click();
    await page.getByLabel('Chave secreta').fill(readKey);
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
