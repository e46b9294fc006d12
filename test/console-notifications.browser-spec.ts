import { randomUUID } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { type Sale, Shop } from '../quickstart/shop';
import { ConsoleInTest, DEVICES, LOCALES, type OpenOptions } from './support/console';
import { eventually } from './support/eventually';
import { Receiver, verifies } from './support/receiver';

const NAMES = {
  'pt-BR': { create: 'Criar endpoint', replay: 'Enviar de novo' },
  en: { create: 'Make an endpoint', replay: 'Send again' },
} as const;

describe('The notifications of the console in a browser', () => {
  let panel: ConsoleInTest;
  let readKey: string;
  let receiver: Receiver;
  let paid: Sale;
  let endpointId: number;
  let failingId: number;

  // The test of a new endpoint is refused an address.
  const open = (path: string, options: OpenOptions = {}): Promise<Page> =>
    panel.open(path, { refusedCalls: /\/console\/session$|\/admin\/endpoints/, ...options });
  const endpoint = async (url: string, shop?: string): Promise<number> => {
    const made = await panel.call('POST', '/admin/endpoints', { url, external_key: shop });
    return made.body['id'] as number;
  };
  const listed = async (query: string): Promise<readonly { id: number }[]> =>
    (await panel.call('GET', `/admin/notifications?${query}`)).body['data'] as { id: number }[];

  beforeAll(async () => {
    panel = await ConsoleInTest.start('the notifications');
    receiver = await new Receiver().start();
    readKey = await panel.makeKey();
    const name = `notify-${randomUUID().slice(0, 8)}`;
    const shop = new Shop(panel.quickstart.settings(), name);
    await shop.install();
    endpointId = await endpoint(receiver.url, name);
    failingId = await endpoint('https://backend.invalid/appmax', name);
    paid = await shop.payByCard();
    await shop.statusAfter(paid, 'aprovado', 20);
    await eventually(async () => {
      expect(await listed(`order_id=${paid.orderId}&state=delivered`)).toHaveLength(1);
      expect(await listed(`order_id=${paid.orderId}&state=failing`)).toHaveLength(1);
    });
  }, 120_000);

  afterAll(async () => {
    await panel.stop();
    await receiver.stop();
  }, 60_000);

  afterEach(async () => {
    expect(await panel.closeWindow()).toEqual([]);
  });

  /** Opens the dialog of an action, and confirms it. */
  const confirm = async (page: Page, action: string): Promise<Locator> => {
    await page.getByRole('button', { name: action, exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: action, exact: true }).click();
    return dialog;
  };

  describe.each(DEVICES)('on a %s', (device) => {
    it.each(LOCALES)('all views fit and pass axe in %s', async (locale) => {
      const page = await open('/notifications', { device, locale });
      const [delivered] = await listed(`order_id=${paid.orderId}&state=delivered`);
      const views = {
        notifications: ['/notifications', '[data-row]'],
        notification: [`/notifications/${String(delivered!.id)}`, 'pre'],
        endpoints: ['/endpoints', '[data-row]'],
        'endpoint-failing': [`/endpoints/${failingId}`, '.notice.bad'],
        'order-notified': [`/orders/${paid.orderId}`, '.timeline'],
        'endpoint-well': [`/endpoints/${endpointId}`, '.actions'],
        'none-found': ['/notifications?order_id=1', '.empty'],
      } as const;
      await page.locator('[data-row]').first().waitFor();
      for (const [name, [path, ready]] of Object.entries(views)) {
        await panel.goTo(path);
        await page.locator(ready).first().waitFor();
        await panel.window.screenshot(`${name}-${locale}`);
        expect([name, await panel.window.violations()]).toEqual([name, []]);
      }
      expect(await page.locator('html').getAttribute('lang')).toBe(locale);
      await panel.goTo('/endpoints');
      await page.getByRole('button', { name: NAMES[locale].create, exact: true }).click();
      await page.getByRole('dialog').waitFor();
      await panel.window.screenshot(`new-endpoint-${locale}`);
      expect(await panel.window.violations()).toEqual([]);
    });

    it.each(LOCALES)(
      'with a key that may only read, nothing can be done, and it says why in %s',
      async (locale) => {
        const page = await open('/endpoints', { device, locale, key: readKey });
        expect(await page.getByRole('button', { name: NAMES[locale].create }).isDisabled()).toBe(true);
        await page.getByText(/“manage”/).waitFor();
        await page.locator('[data-row]').first().click();
        await page.locator('.actions').waitFor();
        expect(await page.locator('.actions button:enabled').count()).toBe(0);
        await panel.window.screenshot(`endpoint-read-only-${locale}`);
        expect(await panel.window.violations()).toEqual([]);
        const [delivered] = await listed(`order_id=${paid.orderId}&state=delivered`);
        await panel.goTo(`/notifications/${String(delivered!.id)}`);
        await page.getByText(/“operate”/).waitFor();
        expect(await page.getByRole('button', { name: NAMES[locale].replay }).isDisabled()).toBe(true);
      },
    );
  });

  it('an endpoint is made, its secret is shown once and signs, and it is rotated, disabled, enabled and deleted', async () => {
    const page = await open('/endpoints');
    await page.getByRole('button', { name: 'Criar endpoint', exact: true }).click();
    const dialog = page.getByRole('dialog');
    const submit = dialog.getByRole('button', { name: 'Criar endpoint' });
    await submit.click();
    await dialog.getByText('Digite um endereço que comece com https://').waitFor();
    await dialog.getByLabel('Endereço (URL)').fill('https://user:secret@example.com/');
    await submit.click();
    await dialog.getByText('O endereço não foi aceito: precisa ser https e público.').waitFor();
    await dialog.getByLabel('Endereço (URL)').fill(receiver.url);
    await dialog.getByLabel('Só os marcados').check();
    await submit.click();
    await dialog.getByText('Marque ao menos um evento.').waitFor();
    await dialog.getByLabel('Reembolso confirmado').check();
    await panel.window.screenshot('choose-events');
    expect(await panel.window.violations()).toEqual([]);
    await submit.click();
    const secret = await dialog.getByLabel('Segredo para verificar as assinaturas').first().inputValue();
    await panel.window.screenshot('secret');
    expect(await panel.window.violations()).toEqual([]);
    await dialog.getByRole('button', { name: /Copiar/ }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(secret);
    await dialog.getByRole('button', { name: 'Fechar' }).click();
    expect(await page.content()).not.toContain(secret);
    await page.locator('[data-row]', { hasText: 'todas as lojas' }).first().click();

    const events = page.locator('.facts', { hasText: 'Eventos' });
    await events.getByText('Reembolso confirmado', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Mudar os eventos' }).click();
    expect(await dialog.getByRole('checkbox', { checked: true }).count()).toBe(1);
    await dialog.getByLabel('Todos, também os que vierem a existir').check();
    await dialog.getByRole('button', { name: 'Mudar os eventos' }).click();
    await dialog.getByText('Os eventos do endpoint foram mudados.').waitFor();
    await dialog.getByRole('button', { name: 'Fechar' }).click();
    await events.getByText('todos', { exact: true }).waitFor();

    await confirm(page, 'Enviar evento de teste');
    await dialog.getByText('Entregue: o servidor respondeu 204.').waitFor();
    const { body, headers } = receiver.received.at(-1)!;
    expect(verifies(secret, body, headers)).toBe(true);
    await dialog.getByRole('button', { name: 'Fechar' }).click();

    await confirm(page, 'Trocar o segredo');
    const rotated = await dialog.getByLabel('Segredo para verificar as assinaturas').first().inputValue();
    expect(rotated).toMatch(/^whsec_/);
    expect(rotated).not.toBe(secret);
    await dialog.getByRole('button', { name: 'Fechar' }).click();
    await page.getByText('Segredo anterior vale até').waitFor();

    await confirm(page, 'Desativar');
    await dialog.getByRole('button', { name: 'Fechar' }).click();
    await page.getByText(/Desativado por um operador/).waitFor();
    await panel.window.screenshot('endpoint-disabled');
    await confirm(page, 'Ativar de novo');
    await dialog.getByText('O endpoint está ativo.').waitFor();
    await dialog.getByRole('button', { name: 'Fechar' }).click();

    await page.getByRole('button', { name: 'Mudar o endereço' }).click();
    await dialog.getByLabel('Endereço (URL)').fill(`${receiver.url}/new`);
    await dialog.getByRole('button', { name: 'Mudar o endereço' }).click();
    await dialog.getByText(`O endereço agora é ${receiver.url}/new.`).waitFor();
    await dialog.getByRole('button', { name: 'Fechar' }).click();

    await confirm(page, 'Excluir');
    await dialog.getByText('O endpoint foi excluído.').waitFor();
    await dialog.getByRole('button', { name: 'Fechar' }).click();
    await page.locator('[data-row]').first().waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/endpoints');
    expect(await page.getByText('todas as lojas').count()).toBe(0);
  });

  it('a notification is sent again from its detail', async () => {
    const page = await open(`/notifications?endpoint_id=${endpointId}`);
    await page.locator('[data-row]').first().click();
    await page.getByText('"order.status_changed"').waitFor();
    const before = receiver.received.length;
    const dialog = await confirm(page, 'Enviar de novo');
    await dialog.getByText('A notificação vai ser enviada agora.').waitFor();
    await eventually(() => {
      expect(receiver.received.length).toBe(before + 1);
      return Promise.resolve();
    });
  });

  it('a selection of those that failed is sent again', async () => {
    const page = await open('/notifications?state=failing');
    await page.getByRole('button', { name: 'Reenviar as que falharam…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Marcar todas').uncheck();
    await dialog.getByRole('button', { name: 'Reenviar 0' }).click();
    await dialog.getByText('Escolha ao menos uma.').waitFor();
    await panel.window.screenshot('replay-selection');
    await dialog.getByLabel(new RegExp(String(paid.orderId))).check();
    await dialog.getByRole('button', { name: 'Reenviar 1' }).click();
    await dialog.getByText('Notificações a caminho: 1.').waitFor();
    const [replayed] = await listed(`endpoint_id=${failingId}&order_id=${paid.orderId}`);
    const audit = await panel.call('GET', '/admin/audit?limit=5');
    expect(audit.text).toContain('replay');
    expect(replayed).toBeDefined();
  });
});
