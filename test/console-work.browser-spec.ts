import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import type { Page } from 'playwright-core';
import { type Sale, Shop } from '../quickstart/shop';
import { money } from '../web/shared/format';
import { ConsoleInTest, type OpenOptions, WINDOWS } from './support/console';
import { patternOf, textsIn } from './support/console-texts';
import { send } from './support/http';
import { loseCardAnswer } from './support/lost-answer';
import { CUSTOMER } from './support/shop';

/** The result of webhooks that were processed again. */
const REPLAYED =
  '{done} processados: {applied} aplicados, {repeated} repetidos, {set_aside} separados, {waiting} em espera.';

/** Calls that a test lets fail: Chromium logs them as errors. */
const FAILING_CALLS = /\/console\/session$|\/admin\//;

describe('The daily work in the console', () => {
  const shopKey = `work-${randomUUID().slice(0, 8)}`;
  let panel: ConsoleInTest;
  let shop: Shop;
  let paid: Sale;
  let database: Client;

  beforeAll(async () => {
    // The tests sign in more often than one address may in a minute.
    panel = await ConsoleInTest.start('the daily work', { RATE_LIMIT: 'off' });
    shop = new Shop(panel.quickstart.settings(), shopKey);
    await shop.install();
    database = new Client(await panel.quickstart.database());
    await database.connect();
    for (let sale = 0; sale < 3; sale += 1) {
      paid = await shop.payByCard();
      await shop.statusAfter(paid, 'aprovado', 20);
    }
  }, 120_000);

  afterAll(async () => {
    await database.end();
    await panel.stop();
  }, 60_000);

  afterEach(async () => {
    expect(await panel.closeWindow()).toEqual([]);
  });

  /** Changes the status of an order as another program does, so that the stream announces it. */
  const changeStatus = async (orderId: number, status: string): Promise<void> => {
    await database.query('UPDATE orders SET status = $2 WHERE appmax_order_id = $1', [orderId, status]);
  };

  /** Answers the calls of a list with an error, as a proxy or an overloaded service does. */
  const failLists = async (page: Page, status: number, code: string): Promise<void> => {
    await page.route('**/admin/orders?*', (route) =>
      route.fulfill({ status, json: { message: 'an error', code }, headers: { 'x-request-id': 'req-42' } }),
    );
  };

  describe.each(WINDOWS)('on a %s in %s', (device, locale) => {
    const say = textsIn(locale);
    const open = (path: string, options: OpenOptions = {}): Promise<Page> =>
      panel.open(path, { device, locale, ...options });

    it('an operation whose outcome is unknown is resolved by a person', async () => {
      const orderId = await loseCardAnswer(panel.quickstart, shopKey);
      const page = await open('/operations?state=unknown', { refusedCalls: FAILING_CALLS });
      await page.locator('[data-row]', { hasText: String(orderId) }).click();
      await page.getByRole('button', { name: say('Resolver…') }).click();
      const dialog = page.getByRole('dialog');
      const store = dialog.getByRole('button', { name: say('Gravar o resultado') });
      await store.click();
      await dialog.getByRole('alert').waitFor();
      await dialog.getByLabel(say('Não foi feita')).check();
      await dialog.getByLabel(say('Como você verificou?')).fill('Vi no painel da Appmax');
      await store.click();
      // Appmax may still carry it out, so it can't be called undone yet.
      await dialog
        .getByText(say('Cedo demais: a Appmax ainda pode fazer a operação. Tente de novo em um minuto.'))
        .waitFor();
      await panel.window.screenshot(`resolve-too-early-${locale}`);
      expect(await panel.window.violations()).toEqual([]);
      await dialog.getByLabel(say('Foi feita na Appmax')).check();
      await store.click();
      await dialog.getByText(patternOf(say('A operação {id} agora está: {state}.'))).waitFor();
      await panel.window.screenshot(`resolved-${locale}`);
      await dialog.getByRole('button', { name: say('Fechar') }).click();
      await page.getByText('Vi no painel da Appmax').waitFor();
      expect(await page.getByRole('button', { name: say('Resolver…') }).count()).toBe(0);
    });

    it('the result of an action is shown although the view has followed a change meanwhile', async () => {
      const orderId = await loseCardAnswer(panel.quickstart, shopKey);
      const page = await open(`/orders/${orderId}`);
      await page.getByRole('button', { name: say('Resolver…') }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(say('Foi feita na Appmax')).check();
      await dialog.getByLabel(say('Como você verificou?')).fill('Vi no painel da Appmax');
      // The answer comes after the view has shown the resolved operation, whose entry has no button any more.
      await page.route('**/resolve', async (route) => {
        const response = await route.fetch();
        await changeStatus(orderId, 'autorizado');
        await page.locator('h1', { hasText: say('Autorizado') }).waitFor();
        await page.locator('.timeline').getByText('Vi no painel da Appmax').waitFor();
        expect(await page.locator('main').getByText(say('Resolver…')).count()).toBe(0);
        await route.fulfill({ response });
      });
      await dialog.getByRole('button', { name: say('Gravar o resultado') }).click();
      const result = dialog.getByText(patternOf(say('A operação {id} agora está: {state}.')));
      await result.waitFor();
      await changeStatus(orderId, 'aprovado');
      await page.locator('h1', { hasText: say('Aprovado') }).waitFor();
      expect(await result.isVisible()).toBe(true);
      await dialog.getByRole('button', { name: say('Fechar') }).click();
      await dialog.waitFor({ state: 'detached' });
      // The button that has opened the dialog is gone.
      expect(await page.evaluate('document.activeElement.localName')).toBe('main');
    });

    it('the payment link of an order is copied', async () => {
      const session = await shop.openSession();
      const opened = await send('POST', `${panel.quickstart.serviceUrl}/pay/${session.id}/pix`, {
        body: { customer: CUSTOMER },
      });
      expect(opened.status).toBe(200);
      const { body } = await panel.call('GET', `/checkout/${shopKey}/sessions/${session.id}`);
      const page = await open(`/orders/${String(body['order_id'])}`);
      await page
        .locator('.actions')
        .getByRole('button', { name: say('Copiar') })
        .click();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(session.url);
      await panel.window.screenshot(`pay-link-${locale}`);
      expect(await panel.window.violations()).toEqual([]);
    });

    it.each([
      [500, 'internal_server_error', 'Não funcionou: {message}'],
      [403, 'insufficient_scope', 'A sua chave não permite isto.'],
    ])(
      'a list that is answered %d says so with the id of the request, and can be tried again',
      async (status, code, text) => {
        const page = await open('/shops', { refusedCalls: FAILING_CALLS });
        await page.locator('[data-row]').first().waitFor();
        await failLists(page, status, code);
        await panel.goTo('/orders');
        const failure = page.locator('.notice.bad');
        await failure.getByText(patternOf(say(text))).waitFor({ timeout: 20_000 });
        await failure.getByText('req-42').waitFor();
        await panel.window.screenshot(`failed-${status}-${locale}`);
        expect(await panel.window.violations()).toEqual([]);
        await page.unroute('**/admin/orders?*');
        await failure.getByRole('button', { name: say('Tentar de novo') }).click();
        await page.locator('[data-row]').first().waitFor();
      },
    );

    it('without a connection a list says so, and can be tried again', async () => {
      const page = await open('/orders', { refusedCalls: /./ });
      await page.locator('[data-row]').first().waitFor();
      await page.context().setOffline(true);
      await page.getByLabel(say('Nº do pedido')).fill(String(paid.orderId));
      await page.keyboard.press('Enter');
      await page.getByText(say('O serviço não respondeu. Verifique a conexão.')).waitFor({ timeout: 20_000 });
      await panel.window.screenshot(`offline-${locale}`);
      await page.context().setOffline(false);
      await page.getByRole('button', { name: say('Tentar de novo') }).click();
      await page.locator('[data-row]', { hasText: String(paid.orderId) }).waitFor();
    });

    it('webhooks are chosen by hand, also in a range and by the keyboard, and processed again', async () => {
      const page = await open(`/webhooks?show=all&external_key=${shopKey}`);
      const rows = page.locator('[data-row]');
      await rows.nth(2).waitFor();
      const boxes = page.locator('.pick input');
      await boxes.nth(0).click();
      await boxes.nth(2).click({ modifiers: ['Shift'] });
      await page.getByText(say('{count} marcados', { count: 3 })).waitFor();
      await rows.nth(1).focus();
      await page.keyboard.press('Space');
      await page.getByText(say('{count} marcados', { count: 2 })).waitFor();
      await page.keyboard.press('Shift+ArrowDown');
      await page.getByText(say('{count} marcados', { count: 3 })).waitFor();
      await panel.window.screenshot(`chosen-${locale}`);
      expect(await panel.window.violations()).toEqual([]);
      await page.getByRole('button', { name: say('Processar de novo: {count}', { count: 3 }) }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: say('Processar de novo: {count}', { count: 3 }) }).click();
      await dialog.getByText(patternOf(say(REPLAYED, { done: 3 }))).waitFor();
      await dialog.getByRole('button', { name: say('Fechar') }).click();
      await page.getByText(say('{count} marcados', { count: 0 })).waitFor();
      await page.getByLabel(say('Marcar todos os carregados')).check();
      expect(await boxes.count()).toBe(await page.locator('.pick input:checked').count());
      await rows.first().click();
      await page.getByText(say('Sim: a Appmax confirma este status')).waitFor();
      await panel.window.screenshot(`verified-${locale}`);
    });

    it('a shop gets a link to install the app again, which leads to Appmax', async () => {
      const page = await open(`/shops/${shopKey}`);
      await page.getByRole('button', { name: say('Instalar de novo') }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: say('Gerar o link') }).click();
      const link = await dialog.getByLabel(say('Link para o lojista')).inputValue();
      await panel.window.screenshot(`install-link-${locale}`);
      expect(await panel.window.violations()).toEqual([]);
      expect((await send('GET', link)).status).toBe(200);
    });

    it('a payment link has shipping and a discount', async () => {
      const page = await open(`/sessions?shop=${shopKey}`);
      await page.getByRole('button', { name: say('Criar link'), exact: true }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(say('Nome')).fill('Camiseta');
      await dialog.getByLabel(say('Preço unitário (R$)')).fill('50,00');
      await dialog.getByLabel(say('Frete (R$, opcional)')).fill('12,90');
      await dialog.getByLabel(say('Desconto (R$, opcional)')).fill('99,00');
      await dialog.getByRole('button', { name: say('Criar link') }).click();
      await dialog.getByText(say('O desconto não pode chegar ao total.')).waitFor();
      await dialog.getByLabel(say('Desconto (R$, opcional)')).fill('5');
      await panel.window.screenshot(`link-with-shipping-${locale}`);
      await dialog
        .getByRole('button', { name: say('Criar link de {total}', { total: money(5790, locale) }) })
        .click();
      await dialog
        .getByText(say('Link de {total} criado. Feche para copiá-lo.', { total: money(5790, locale) }))
        .waitFor();
    });
  });

  it('the overview has a chart of the methods and of the shops, with their tables', async () => {
    const page = await panel.open('');
    const chart = page.locator('.bars li', { hasText: shopKey });
    await chart.getByText(/R\$/).waitFor();
    await page.locator('.bars li', { hasText: 'Cartão de crédito' }).waitFor();
    await page.getByText('Ver como tabela').last().scrollIntoViewIfNeeded();
    await chart.getByRole('link').click();
    await page.locator('[data-row]').first().waitFor();
    expect(new URL(page.url()).searchParams.get('external_key')).toBe(shopKey);
  });

  it('the navigation shows the part to which a view belongs', async () => {
    const page = await panel.open('/endpoints');
    const current = page.getByRole('navigation').locator('[aria-current]');
    await current.getByText('Notificações').waitFor();
    await panel.goTo('/notifications');
    await current.getByText('Notificações').waitFor();
    await panel.goTo(`/orders/${String(paid.orderId)}`);
    await current.getByText('Pedidos').waitFor();
    await panel.goTo('');
    await current.getByText('Visão geral').waitFor();
  }, 60_000);

  it('the operations are filtered by order and by sales that were paid twice', async () => {
    const page = await panel.open('/operations');
    await page.getByLabel('Nº do pedido').fill(String(paid.orderId));
    await page.keyboard.press('Enter');
    await page.waitForURL(/order_id=/);
    const rows = page.locator('[data-row]', { hasText: String(paid.orderId) });
    await rows.first().waitFor();
    expect(await page.locator('[data-row]').count()).toBe(await rows.count());
    const answer = page.waitForResponse(/\/admin\/operations\?.*paid_twice=true/);
    await page.getByLabel('Venda').selectOption('true');
    expect((await (await answer).json()) as object).toMatchObject({ data: [] });
    await page.getByText('Nada encontrado com estes filtros.').waitFor();
  });

  it('the audit log is filtered by the key of the settings', async () => {
    const page = await panel.open('/audit?action=POST%20%2Fconsole%2Fsession');
    await page.locator('select[name=key_id]').selectOption('root_key');
    await page.waitForURL(/key_id=root_key/);
    await page.getByRole('listitem').first().getByText('Chave da configuração').waitFor();
    await page.locator('select[name=key_id]').selectOption('command');
    await page.getByText('Nada encontrado com estes filtros.').waitFor();
  });

  /** Makes the API count as if there were more orders than it counts. */
  const countMany = async (page: Page): Promise<void> => {
    await page.route('**/admin/orders.csv*', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, headers: { ...answer.headers(), 'x-order-count': '100000+' } });
    });
  };

  it('a large export is written to the file that is chosen, piece by piece', async () => {
    const page = await panel.open('/orders');
    await page.locator('[data-row]').first().waitFor();
    await countMany(page);
    // A headless browser can't ask for a file: this one keeps what would be written.
    await page.evaluate(`window.written = ''; window.showSaveFilePicker = ({ suggestedName }) => Promise.resolve({
      createWritable: () => Promise.resolve(new WritableStream({
        write: (piece) => { window.written += suggestedName + new TextDecoder().decode(piece); } })) })`);
    await page.getByRole('button', { name: 'Exportar CSV' }).click();
    await page.getByText(/linhas exportadas/).waitFor();
    const written = await page.evaluate<string>('window.written');
    expect(written).toContain('orders.csvorder_id,external_key');
    expect(written).toContain(`\n${String(paid.orderId)},`);
  });

  it('a browser that can write no files downloads a large export by itself', async () => {
    const page = await panel.open('/orders');
    await page.locator('[data-row]').first().waitFor();
    await countMany(page);
    await page.evaluate('delete Window.prototype.showSaveFilePicker; window.showSaveFilePicker = undefined');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Exportar CSV' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('orders.csv');
    expect(readFileSync(await file.path(), 'utf8')).toContain(`\n${String(paid.orderId)},`);
    await page.getByText('o navegador está baixando o arquivo').waitFor();
  });
});
