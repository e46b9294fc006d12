import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { type Sale, Shop } from '../quickstart/shop';
import { money } from '../web/shared/format';
import { ConsoleInTest, type OpenOptions, WINDOWS } from './support/console';
import { patternOf, statusesIn, textsIn } from './support/console-texts';
import { eventually } from './support/eventually';

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

  it('nothing of the key is in the page, its storage or a cookie that scripts can read', async () => {
    const page = await panel.open('/orders');
    await page.locator('[data-row]').first().waitFor();
    const seen = await page.evaluate<string>(
      'document.documentElement.outerHTML + document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })',
    );
    expect(seen).not.toContain(panel.fullKey);
    expect(await page.evaluate('document.cookie + localStorage.length + sessionStorage.length')).toBe('00');
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

  describe.each(WINDOWS)('on a %s in %s', (device, locale) => {
    const say = textsIn(locale);
    const open = (path: string, options: OpenOptions = {}): Promise<Page> =>
      panel.open(path, { device, locale, ...options });

    it('the filters are in the address, and the back button takes them back', async () => {
      const page = await open('/orders');
      await page.locator('[data-row]').nth(1).waitFor();
      await page.getByLabel(say('Nº do pedido')).fill(String(paid.orderId));
      await page.keyboard.press('Enter');
      await page.waitForURL(/order_id=/);
      await eventually(async () => {
        expect(await page.locator('[data-row]').count()).toBe(1);
      });
      await page.goBack();
      await page.locator('[data-row]').nth(1).waitFor();
      await panel.goTo('/orders?status=estornado&min=99999');
      await page.getByText(say('Nada encontrado com estes filtros.')).waitFor();
      await panel.window.screenshot(`empty-${locale}`);
      await panel.goTo('/orders?min=abc');
      await page
        .getByText(
          say('“{value}” não é um valor válido para “{name}”.', { value: 'abc', name: say('Valor mínimo') }),
        )
        .waitFor();
    });

    it('a new order and its payment are shown without a reload', async () => {
      const page = await open('/orders');
      await page.locator('[data-row]').first().waitFor();
      const sale = await shop.payByPix();
      const row = page.locator('[data-row]', { hasText: String(sale.orderId) });
      await row.getByText(statusesIn(locale)('Pendente')).waitFor();
      await row.click();
      await page.locator('h1', { hasText: statusesIn(locale)('Pendente') }).waitFor();
      await shop.atAppmax(sale, 'pay');
      await page.locator('h1', { hasText: say('Aprovado') }).waitFor();
    });

    it('a part and then the rest of an order are refunded, with a reason', async () => {
      const sale = await sell();
      const page = await open(`/orders/${sale.orderId}`);
      await page.getByRole('button', { name: say('Estornar'), exact: true }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(say('Uma parte')).check();
      await dialog.getByLabel(patternOf(say('Valor a estornar (até {maximum})'))).fill('999,00');
      await dialog.getByLabel(say('Motivo')).fill('Devolução');
      await dialog.getByRole('button', { name: say('Estornar') }).click();
      await dialog.getByText(patternOf(say('Digite um valor entre {minimum} e {maximum}.'))).waitFor();
      await dialog.getByLabel(patternOf(say('Valor a estornar (até {maximum})'))).fill('10,50');
      await dialog
        .getByRole('button', { name: say('Estornar {value}', { value: money(1050, locale) }) })
        .click();
      await dialog
        .getByText(
          say('Estorno de {value} pedido à Appmax. O status muda quando a Appmax confirmar.', {
            value: money(1050, locale),
          }),
        )
        .waitFor();
      await panel.window.screenshot(`refund-done-${locale}`);
      await dialog.getByRole('button', { name: say('Fechar') }).click();
      await page.getByText(say('Motivo: {reason}', { reason: 'Devolução' })).waitFor();
      await page.getByRole('button', { name: say('Estornar'), exact: true }).click();
      // Only the rest can be returned now.
      await dialog
        .getByText(say('Valor a estornar (até {maximum})', { maximum: money(14_940, locale) }))
        .waitFor();
    });

    it('Appmax is asked for an order, and its answer is shown', async () => {
      const page = await open(`/orders/${paid.orderId}`);
      await page.getByRole('button', { name: say('Consultar a Appmax agora') }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: say('Consultar a Appmax agora') }).click();
      await dialog.getByText(say('A Appmax confirma: {status}.', { status: say('Aprovado') })).waitFor();
    });

    it('the orders of the filters are saved as CSV', async () => {
      const page = await open('/orders');
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: say('Exportar CSV') }).click();
      expect((await download).suggestedFilename()).toBe('orders.csv');
      await page.getByText(patternOf(say('{count} linhas exportadas.'))).waitFor();
    });

    it('a sign-out ends the session, and the sign-in leads back to the view', async () => {
      const page = await open('/operations');
      await page.locator('[data-row]').first().waitFor();
      const openMenu = async (): Promise<void> => {
        if (device === 'phone') await page.getByRole('button', { name: 'Menu' }).click();
      };
      await openMenu();
      await page.getByRole('button', { name: say('Sair'), exact: true }).click();
      await page.getByLabel(say('Chave secreta')).fill(readKey);
      await page.getByRole('button', { name: say('Entrar'), exact: true }).click();
      await page.locator('[data-row]').first().waitFor();
      await openMenu();
      await page.getByText(say('Chave {name}', { name: 'reader' })).waitFor();
      expect(new URL(page.url()).pathname).toBe('/console/operations');
      await page.getByRole('button', { name: say('Sair de todos os navegadores') }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: say('Sair de todos os navegadores') })
        .click();
      await page.getByRole('heading', { name: say('Entrar no painel') }).waitFor();
      await page.reload();
      await page.getByRole('heading', { name: say('Entrar no painel') }).waitFor();
    });
  });
});
