import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { Shop } from '../quickstart/shop';
import { dateTime } from '../web/console/format';
import { ConsoleInTest, type OpenOptions, WINDOWS } from './support/console';
import { textsIn } from './support/console-texts';

describe('The shops, keys and audit log of the console', () => {
  const shopKey = `shop ${randomUUID().slice(0, 8)}`;
  const newShopKey = `new-${randomUUID().slice(0, 8)}`;
  let panel: ConsoleInTest;
  let limitedKey: string;
  let orderId: number;

  /** Returns the status of a list that is read with a key. */
  const statusWith = async (key: string): Promise<number> =>
    (await panel.call('GET', '/admin/orders', undefined, key)).status;

  beforeAll(async () => {
    // The tests sign in more often than one address may in a minute.
    panel = await ConsoleInTest.start('shops, keys and audit log', { RATE_LIMIT: 'off' });
    const settings = panel.quickstart.settings();
    const shop = new Shop(settings, shopKey);
    await shop.install();
    await new Shop(settings, newShopKey).install();
    await panel.makeKey();
    limitedKey = await panel.makeKey('shop-manager', ['read', 'manage'], shopKey);
    const sale = await shop.payByCard();
    await shop.statusAfter(sale, 'aprovado', 20);
    ({ orderId } = sale);
    // An action about an order, for the audit log.
    await panel.call('POST', `/admin/orders/${orderId}/refresh`);
  }, 120_000);

  afterAll(async () => {
    await panel.stop();
  }, 60_000);

  afterEach(async () => {
    expect(await panel.closeWindow()).toEqual([]);
  });

  describe.each(WINDOWS)('on a %s in %s', (device, locale) => {
    const say = textsIn(locale);
    const open = (path: string, options: OpenOptions = {}): Promise<Page> =>
      panel.open(path, { device, locale, ...options });

    it('a shop shows its steps, and leads to its orders', async () => {
      const page = await open(`/shops?external_key=${encodeURIComponent(shopKey)}`);
      await page.locator('[data-row]', { hasText: say('Em ordem') }).click();
      await page.getByText(say('Um pedido foi pago')).waitFor();
      await page
        .getByRole('main')
        .getByRole('link', { name: say('Pedidos') })
        .click();
      await page.locator('[data-row]', { hasText: String(orderId) }).waitFor();
      expect(new URL(page.url()).searchParams.get('external_key')).toBe(shopKey);
      await panel.goTo('/shops/nobody');
      await page.getByText(say('Nenhuma loja instalada tem esta chave.')).waitFor();
      await panel.goTo(`/shops/${newShopKey}`);
      await page
        .getByText(say('Crie um link de pagamento, ou um pedido pelo checkout da loja, para testar.'))
        .waitFor();
    });

    it('a key is made, shown once and copied, and revoked', async () => {
      const name = `backend-${device}`;
      const page = await open('/keys');
      await page.getByRole('button', { name: say('Criar chave') }).click();
      const dialog = page.getByRole('dialog');
      const submit = dialog.getByRole('button', { name: say('Criar chave') });
      await submit.click();
      await dialog.getByText(say('Digite um nome de até 64 caracteres.')).waitFor();
      await dialog.getByLabel(say('Nome')).fill(name);
      await submit.click();
      await dialog.getByText(say('Escolha pelo menos uma permissão.')).waitFor();
      await dialog.getByLabel(say('Ver: listas e detalhes')).check();
      await dialog.getByLabel(say('Válida até')).fill('2020-01-31');
      await submit.click();
      await dialog.getByText(say('Escolha hoje ou um dia futuro.')).waitFor();
      await dialog.getByLabel(say('Válida até')).fill('2098-12-30');
      await dialog.getByLabel(say('Loja'), { exact: true }).fill(shopKey);
      await submit.click();
      await dialog
        .getByText(say('Vale até {time}.', { time: dateTime('2098-12-31T03:00:00.000Z', locale) }))
        .waitFor();
      await panel.window.screenshot(`made-key-${locale}`);
      expect(await panel.window.violations()).toEqual([]);
      await dialog.getByRole('button', { name: say('Copiar') }).click();
      await dialog.getByText(say('Copiado')).waitFor();
      const made = await page.evaluate<string>('navigator.clipboard.readText()');
      expect(await statusWith(made)).toBe(200);
      await dialog.getByRole('button', { name: say('Fechar') }).click();
      const row = page.getByRole('listitem').filter({ hasText: name });
      await row.getByText(say('Ativa')).waitFor();
      await row.getByText(shopKey).waitFor();
      const left = await page.evaluate<string>(
        'document.documentElement.outerHTML + JSON.stringify({ ...localStorage, ...sessionStorage })',
      );
      expect(left).not.toContain(made);

      await row.getByRole('button', { name: say('Revogar {name}', { name }) }).click();
      await dialog
        .getByText(
          say(
            'Quem usa esta chave perde o acesso em poucos segundos. Não é possível desfazer. A chave continua na lista.',
          ),
        )
        .waitFor();
      expect(await panel.window.violations()).toEqual([]);
      await dialog.getByRole('button', { name: say('Revogar') }).click();
      await dialog.getByText(say('A chave {name} foi revogada.', { name })).waitFor();
      await dialog.getByRole('button', { name: say('Fechar') }).click();
      await row.getByText(say('Revogada')).waitFor();
      expect(await row.getByRole('button').count()).toBe(0);
      expect(await statusWith(made)).toBe(401);
    });

    it('a key for a shop that is not installed is refused in words', async () => {
      const page = await open('/keys', { refusedCalls: /\/console\/session$|\/admin\/keys$/ });
      await page.getByRole('button', { name: say('Criar chave') }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(say('Nome')).fill('nobody');
      await dialog.getByLabel(say('Ver: listas e detalhes')).check();
      await dialog.getByLabel(say('Loja'), { exact: true }).fill('nobody');
      await dialog.getByRole('button', { name: say('Criar chave') }).click();
      await dialog.getByText(say('Não há loja instalada com esta chave.')).waitFor();
    });

    it('a key of one shop makes keys of this shop only, with no more than its own scopes', async () => {
      const page = await open('/keys', { key: limitedKey });
      await page.getByRole('listitem').filter({ hasText: 'shop-manager' }).waitFor();
      expect(await page.getByText('reader').count()).toBe(0);
      await page.getByRole('button', { name: say('Criar chave') }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(say('Vale só para a loja {shop}, como a sua.', { shop: shopKey })).waitFor();
      expect(await dialog.getByLabel(say('Operar: alterar pedidos, pagamentos e eventos')).isDisabled()).toBe(
        true,
      );
      expect(
        await dialog.getByLabel(say('Administrar: chaves, auditoria e credenciais das lojas')).isDisabled(),
      ).toBe(false);
      expect(await dialog.getByLabel(say('Loja'), { exact: true }).count()).toBe(0);
    });

    it('the audit log is filtered by key, action, shop and time, and leads to the order', async () => {
      const page = await open('/keys', { key: limitedKey });
      await page.getByRole('link', { name: `${say('O que fez')} shop-manager` }).click();
      await page.getByText(say('Entrou no painel')).locator('visible=true').first().waitFor();
      expect(new URL(page.url()).searchParams.get('key_id')).toMatch(/^\d+$/);
      await panel.window.close();

      const full = await open('/audit');
      if (device === 'phone') await full.getByRole('button', { name: say('Mais filtros') }).click();
      await full.locator('select[name=action]').selectOption('POST /admin/orders/:order_id/refresh');
      const rows = full.getByRole('listitem');
      await full.getByRole('link', { name: say('Pedido {id}', { id: orderId }) }).waitFor();
      expect(await rows.count()).toBe(1);
      await full.getByLabel(say('Loja'), { exact: true }).fill('nobody');
      await full.keyboard.press('Enter');
      await full.getByText(say('Nada encontrado com estes filtros.')).waitFor();
      await panel.window.screenshot(`audit-empty-${locale}`);
      await panel.goTo('/audit?to=2020-01-31');
      await full.getByText(say('Nada encontrado com estes filtros.')).waitFor();
      await panel.goTo('/audit?action=POST+/admin/keys&from=2020-01-31');
      await rows
        .filter({ hasText: say('Criou uma chave') })
        .first()
        .waitFor();
      await panel.goTo(`/audit?action=${encodeURIComponent('POST /admin/orders/:order_id/refresh')}`);
      await full.getByRole('link', { name: say('Pedido {id}', { id: orderId }) }).click();
      await full.locator('.timeline').waitFor();
    });
  });
});
