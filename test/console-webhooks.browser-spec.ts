import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { type Sale, Shop } from '../quickstart/shop';
import { money } from '../web/shared/format';
import { ConsoleInTest, type OpenOptions, WINDOWS } from './support/console';
import { patternOf, textsIn } from './support/console-texts';

describe("The console's webhooks and payment links in a browser", () => {
  const shopKey = `console-${randomUUID().slice(0, 8)}`;
  let panel: ConsoleInTest;
  let paid: Sale;
  let webhookId: number;

  beforeAll(async () => {
    panel = await ConsoleInTest.start('the webhooks and links');
    const shop = new Shop(panel.quickstart.settings(), shopKey);
    await shop.install();
    paid = await shop.payByCard();
    await shop.statusAfter(paid, 'aprovado', 20);
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

  describe.each(WINDOWS)('on a %s in %s', (device, locale) => {
    const say = textsIn(locale);
    const open = (path: string, options: OpenOptions = {}): Promise<Page> =>
      panel.open(path, { device, locale, ...options });

    it('a webhook is processed again, and its result is shown', async () => {
      const page = await open(`/webhooks/${webhookId}`);
      await page.getByRole('button', { name: say('Processar de novo') }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: say('Processar de novo') }).click();
      await dialog.getByText(patternOf(say('O webhook {id} agora está: {outcome}.'))).waitFor();
      await panel.window.screenshot(`replayed-${locale}`);
    });

    it('a selection of webhooks needs a day, is processed again, and its result is shown', async () => {
      const page = await open('/webhooks');
      await page.getByRole('button', { name: say('Processar vários de novo…') }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: say('Processar de novo') }).click();
      await dialog.getByText(say('Escolha o dia em que a seleção começa.')).waitFor();
      await dialog.getByLabel(say('Recebidos desde')).fill('2026-01-01');
      await panel.window.screenshot(`replay-selection-${locale}`);
      await dialog.getByRole('button', { name: say('Processar de novo') }).click();
      await dialog
        .getByText(
          patternOf(
            say(
              '{done} processados: {applied} aplicados, {repeated} repetidos, {set_aside} separados, {waiting} em espera.',
            ),
          ),
        )
        .waitFor();
    });

    it('a filter keeps the tab, and finds the webhooks of an order', async () => {
      const page = await open('/webhooks?show=all');
      await page.getByLabel(say('Nº do pedido')).fill(String(paid.orderId));
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
      await page.getByRole('button', { name: say('Criar link'), exact: true }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: say('Criar link') }).click();
      await dialog
        .getByText(say('Cada produto precisa de nome, quantidade a partir de 1 e preço válido.'))
        .waitFor();
      await dialog.getByLabel(say('Nome')).fill('Camiseta');
      await dialog.getByLabel(say('Quantidade')).fill('2');
      await dialog.getByLabel(say('Preço unitário (R$)')).fill('49,90');
      await dialog.getByLabel(say('Boleto')).uncheck();
      await dialog.getByLabel(say('Máximo de parcelas no cartão')).selectOption('3');
      await dialog.getByLabel(say('Validade')).selectOption('60');
      await dialog
        .getByRole('button', { name: say('Criar link de {total}', { total: money(9980, locale) }) })
        .click();
      await dialog
        .getByText(say('Link de {total} criado. Feche para copiá-lo.', { total: money(9980, locale) }))
        .waitFor();
      await dialog.getByRole('button', { name: say('Fechar') }).click();
      await page.waitForURL(/\/console\/sessions\/[^?]+\?shop=/);
      await page.getByRole('button', { name: say('Copiar') }).click();
      const link = await page.getByLabel(say('Link para enviar ao cliente')).inputValue();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(link);
      await page.getByRole('button', { name: say('Encerrar o link') }).click();
      await dialog.getByRole('button', { name: say('Encerrar o link') }).click();
      await dialog
        .getByText(say('O link agora está: {state}.', { state: say('Vencido').toLowerCase() }))
        .waitFor();
      await dialog.getByRole('button', { name: say('Fechar') }).click();
      await page.getByText(say('O link não aceita mais pagamentos.')).waitFor();
    });
  });
});
