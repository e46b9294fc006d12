import { randomUUID } from 'node:crypto';
import { type Sale, Shop } from '../quickstart/shop';
import { ConsoleInTest, DEVICES, LOCALES } from './support/console';

/** The names that the tests look for, in both languages. */
const NAMES = {
  'pt-BR': { replay: 'Processar de novo', make: 'Criar link' },
  en: { replay: 'Process again', make: 'Make a link' },
} as const;

describe("The console's webhooks and payment links in a browser", () => {
  const shopKey = `console-${randomUUID().slice(0, 8)}`;
  let panel: ConsoleInTest;
  let readKey: string;
  let paid: Sale;
  let sessionId: string;
  let webhookId: number;

  beforeAll(async () => {
    panel = await ConsoleInTest.start('the webhooks and links');
    readKey = await panel.makeKey();
    const shop = new Shop(panel.quickstart.settings(), shopKey);
    await shop.install();
    paid = await shop.payByCard();
    await shop.statusAfter(paid, 'aprovado', 20);
    sessionId = (await shop.openSession()).id;
    const list = await panel.call(
      'GET',
      `/admin/webhook-events?order_id=${paid.orderId}&external_key=${shopKey}`,
    );
    webhookId = (list.body['data'] as { id: number }[])[0]!.id;
  }, 120_000);

  afterAll(async () => {
    await panel.stop();
  }, 60_000);

  afterEach(async () => {
    expect(await panel.closeWindow()).toEqual([]);
  });

  describe.each(DEVICES)('on a %s', (device) => {
    describe.each(LOCALES)('in %s', (locale) => {
      it.each<[string, () => string, string]>([
        ['webhooks', () => '/webhooks?show=all', '[data-row]'],
        ['webhook', () => `/webhooks/${webhookId}`, '.facts'],
        ['problems', () => '/webhooks?event=NoSuchEvent', '.empty'],
        ['sessions', () => `/sessions?shop=${shopKey}`, '[data-row]'],
        ['session', () => `/sessions/${sessionId}?shop=${shopKey}`, '.facts'],
      ])('the view %s fits and passes axe', async (name, path, ready) => {
        const page = await panel.open(path(), { device, locale });
        await page.locator(ready).first().waitFor();
        await panel.window.screenshot(`${name}-${locale}`);
        expect(await panel.window.violations()).toEqual([]);
      });

      it('the dialogs fit and pass axe', async () => {
        const page = await panel.open(`/sessions?shop=${shopKey}`, { device, locale });
        await page.getByRole('button', { name: NAMES[locale].make, exact: true }).click();
        await page.getByRole('dialog').waitFor();
        await panel.window.screenshot(`make-${locale}`);
        expect(await panel.window.violations()).toEqual([]);
      });

      it('with a key that may only read, the actions are disabled and say why', async () => {
        const page = await panel.open(`/webhooks/${webhookId}`, { device, locale, key: readKey });
        const { replay, make } = NAMES[locale];
        await page.locator('.facts').waitFor();
        expect(await page.getByRole('button', { name: replay }).isDisabled()).toBe(true);
        await page
          .getByText(/“operate”/)
          .first()
          .waitFor();
        await panel.window.screenshot(`webhook-read-only-${locale}`);
        await panel.goTo(`/sessions?shop=${shopKey}`);
        await page.locator('[data-row]').first().waitFor();
        expect(await page.getByRole('button', { name: make }).isDisabled()).toBe(true);
        await panel.window.screenshot(`sessions-read-only-${locale}`);
        expect(await panel.window.violations()).toEqual([]);
      });
    });
  });

  it('a webhook is processed again, and its result is shown', async () => {
    const page = await panel.open(`/webhooks/${webhookId}`);
    await page.getByRole('button', { name: 'Processar de novo' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Processar de novo' }).click();
    await dialog.getByText(/O webhook \d+ agora está: /).waitFor();
    await panel.window.screenshot('replayed');
  });

  it('a selection of webhooks needs a day, is processed again, and its result is shown', async () => {
    const page = await panel.open('/webhooks');
    await page.getByRole('button', { name: 'Processar vários de novo…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Processar de novo' }).click();
    await dialog.getByText('Escolha o dia em que a seleção começa.').waitFor();
    await dialog.getByLabel('Recebidos desde').fill('2026-01-01');
    await panel.window.screenshot('replay-selection');
    await dialog.getByRole('button', { name: 'Processar de novo' }).click();
    await dialog.getByText(/\d+ processados: \d+ aplicados/).waitFor();
  });

  it('a filter keeps the tab, and finds the webhooks of an order', async () => {
    const page = await panel.open('/webhooks?show=all');
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
    const page = await panel.open(`/sessions?shop=${shopKey}`);
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
