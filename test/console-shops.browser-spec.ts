import { randomUUID } from 'node:crypto';
import { Shop } from '../quickstart/shop';
import { ConsoleInTest, DEVICES, LOCALES } from './support/console';

/** The names that the tests look for, in both languages. */
const NAMES = {
  'pt-BR': { make: 'Criar chave', keys: 'Chaves', open: 'Pendente' },
  en: { make: 'Make a key', keys: 'Keys', open: 'Open' },
} as const;

describe('The shops, keys and audit log of the console', () => {
  const shopKey = `shop ${randomUUID().slice(0, 8)}`;
  const newShopKey = `new-${randomUUID().slice(0, 8)}`;
  let panel: ConsoleInTest;
  let readKey: string;
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
    readKey = await panel.makeKey();
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

  describe.each(DEVICES)('on a %s', (device) => {
    describe.each(LOCALES)('in %s', (locale) => {
      const names = NAMES[locale];

      it('the shops, a finished and a new shop fit and pass axe', async () => {
        const page = await panel.open('/shops', { device, locale });
        await page.locator('[data-row]').nth(1).waitFor();
        await panel.window.screenshot(`shops-${locale}`);
        expect(await panel.window.violations()).toEqual([]);
        await page.locator('[data-row]', { hasText: shopKey }).click();
        await page.locator('.quota').first().waitFor();
        await panel.window.screenshot(`shop-${locale}`);
        expect(await panel.window.violations()).toEqual([]);
        await page.goBack();
        await page.locator('[data-row]', { hasText: newShopKey }).click();
        await page.getByText(names.open, { exact: true }).first().waitFor();
        await panel.window.screenshot(`new-shop-${locale}`);
        expect(await panel.window.violations()).toEqual([]);
      });

      it('the keys and the form of a new one fit and pass axe', async () => {
        const page = await panel.open('/keys', { device, locale });
        await page.getByRole('listitem').first().waitFor();
        await panel.window.screenshot(`keys-${locale}`);
        expect(await panel.window.violations()).toEqual([]);
        await page.getByRole('button', { name: names.make }).click();
        await page.getByRole('dialog').waitFor();
        await panel.window.screenshot(`make-key-${locale}`);
        expect(await panel.window.violations()).toEqual([]);
      });

      it('the audit log fits and passes axe', async () => {
        const page = await panel.open('/audit', { device, locale });
        await page.getByRole('listitem').first().waitFor();
        await panel.window.screenshot(`audit-${locale}`);
        expect(await panel.window.violations()).toEqual([]);
      });

      it('a key that may only read sees the shops, and why it sees no keys and no audit log', async () => {
        const page = await panel.open('/keys', { device, locale, key: readKey });
        await page.getByText(/“manage”/).waitFor();
        await panel.window.screenshot(`keys-read-only-${locale}`);
        expect(await page.getByRole('button', { name: names.make }).count()).toBe(0);
        expect(await page.getByRole('link', { name: names.keys, exact: true }).count()).toBe(0);
        await panel.goTo('/audit');
        await page.getByText(/“manage”/).waitFor();
        await panel.goTo('/shops');
        await page.locator('[data-row]').first().waitFor();
      });
    });
  });

  it('a shop shows its steps, and leads to its orders', async () => {
    const page = await panel.open(`/shops?external_key=${encodeURIComponent(shopKey)}`);
    await page.locator('[data-row]', { hasText: 'Em ordem' }).click();
    await page.getByText('Um pedido foi pago').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Pedidos' }).click();
    await page.locator('[data-row]', { hasText: String(orderId) }).waitFor();
    expect(new URL(page.url()).searchParams.get('external_key')).toBe(shopKey);
    await panel.goTo('/shops/nobody');
    await page.getByText('Nenhuma loja instalada tem esta chave.').waitFor();
    await panel.goTo(`/shops/${newShopKey}`);
    await page.getByText(/Crie um link de pagamento/).waitFor();
  });

  it('a key is made, shown once and copied, and revoked', async () => {
    const page = await panel.open('/keys');
    await page.getByRole('button', { name: 'Criar chave' }).click();
    const dialog = page.getByRole('dialog');
    const submit = dialog.getByRole('button', { name: 'Criar chave' });
    await submit.click();
    await dialog.getByText('Digite um nome de até 64 caracteres.').waitFor();
    await dialog.getByLabel('Nome').fill('backend');
    await submit.click();
    await dialog.getByText('Escolha pelo menos uma permissão.').waitFor();
    await dialog.getByLabel(/^Ver:/).check();
    await dialog.getByLabel('Válida até').fill('2020-01-31');
    await submit.click();
    await dialog.getByText('Escolha hoje ou um dia futuro.').waitFor();
    await dialog.getByLabel('Válida até').fill('2098-12-30');
    await dialog.getByLabel('Loja', { exact: true }).fill(shopKey);
    await submit.click();
    await dialog.getByText('Vale até 31/12/2098, 00:00:00.').waitFor();
    await panel.window.screenshot('made-key');
    expect(await panel.window.violations()).toEqual([]);
    await dialog.getByRole('button', { name: /Copiar/ }).click();
    await dialog.getByText(/Copiado/).waitFor();
    const made = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(await statusWith(made)).toBe(200);
    await dialog.getByRole('button', { name: 'Fechar' }).click();
    const row = page.getByRole('listitem').filter({ hasText: 'backend' });
    await row.getByText('Ativa').waitFor();
    await row.getByText(shopKey).waitFor();
    const left = await page.evaluate<string>(
      'document.documentElement.outerHTML + JSON.stringify({ ...localStorage, ...sessionStorage })',
    );
    expect(left).not.toContain(made);

    await row.getByRole('button', { name: 'Revogar backend' }).click();
    await dialog.getByText(/Não é possível desfazer/).waitFor();
    expect(await panel.window.violations()).toEqual([]);
    await dialog.getByRole('button', { name: 'Revogar' }).click();
    await dialog.getByText('A chave backend foi revogada.').waitFor();
    await dialog.getByRole('button', { name: 'Fechar' }).click();
    await row.getByText('Revogada').waitFor();
    expect(await row.getByRole('button').count()).toBe(0);
    expect(await statusWith(made)).toBe(401);
  });

  it('a key for a shop that is not installed is refused in words', async () => {
    const page = await panel.open('/keys', { refusedCalls: /\/console\/session$|\/admin\/keys$/ });
    await page.getByRole('button', { name: 'Criar chave' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Nome').fill('nobody');
    await dialog.getByLabel(/^Ver:/).check();
    await dialog.getByLabel('Loja', { exact: true }).fill('nobody');
    await dialog.getByRole('button', { name: 'Criar chave' }).click();
    await dialog.getByText('Não há loja instalada com esta chave.').waitFor();
  });

  it('a key of one shop makes keys of this shop only, with no more than its own scopes', async () => {
    const page = await panel.open('/keys', { key: limitedKey });
    await page.getByRole('listitem').filter({ hasText: 'shop-manager' }).waitFor();
    expect(await page.getByText('reader').count()).toBe(0);
    await page.getByRole('button', { name: 'Criar chave' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`Vale só para a loja ${shopKey}, como a sua.`).waitFor();
    expect(await dialog.getByLabel(/^Operar:/).isDisabled()).toBe(true);
    expect(await dialog.getByLabel(/^Administrar:/).isDisabled()).toBe(false);
    expect(await dialog.getByLabel('Loja', { exact: true }).count()).toBe(0);
  });

  it('the audit log is filtered by key, action, shop and time, and leads to the order', async () => {
    const page = await panel.open('/keys', { key: limitedKey });
    await page.getByRole('link', { name: 'O que fez shop-manager' }).click();
    await page.getByText('Entrou no painel').locator('visible=true').first().waitFor();
    expect(new URL(page.url()).searchParams.get('key_id')).toMatch(/^\d+$/);
    await panel.window.close();

    const full = await panel.open('/audit');
    await full.getByLabel('Ação').selectOption('POST /admin/orders/:order_id/refresh');
    const rows = full.getByRole('listitem');
    await full.getByRole('link', { name: `Pedido ${orderId}` }).waitFor();
    expect(await rows.count()).toBe(1);
    await full.getByLabel('Loja', { exact: true }).fill('nobody');
    await full.keyboard.press('Enter');
    await full.getByText('Nada encontrado com estes filtros.').waitFor();
    await panel.window.screenshot('audit-empty');
    await panel.goTo('/audit?to=2020-01-31');
    await full.getByText('Nada encontrado com estes filtros.').waitFor();
    await panel.goTo('/audit?action=POST+/admin/keys&from=2020-01-31');
    await rows.filter({ hasText: 'Criou uma chave' }).first().waitFor();
    await panel.goTo(`/audit?action=${encodeURIComponent('POST /admin/orders/:order_id/refresh')}`);
    await full.getByRole('link', { name: `Pedido ${orderId}` }).click();
    await full.locator('.timeline').waitFor();
  });
});
