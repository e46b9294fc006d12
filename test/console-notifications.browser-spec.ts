import { randomUUID } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { type Sale, Shop } from '../quickstart/shop';
import { ConsoleInTest, type OpenOptions, WINDOWS } from './support/console';
import { textsIn } from './support/console-texts';
import { eventually } from './support/eventually';
import { Receiver, verifies } from './support/receiver';

describe('The notifications of the console in a browser', () => {
  let panel: ConsoleInTest;
  let receiver: Receiver;
  let paid: Sale;
  let endpointId: number;
  let failingId: number;

  const endpoint = async (url: string, shop?: string): Promise<number> => {
    const made = await panel.call('POST', '/admin/endpoints', { url, external_key: shop });
    return made.body['id'] as number;
  };
  const listed = async (query: string): Promise<readonly { id: number }[]> =>
    (await panel.call('GET', `/admin/notifications?${query}`)).body['data'] as { id: number }[];

  beforeAll(async () => {
    panel = await ConsoleInTest.start('the notifications');
    receiver = await new Receiver().start();
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

  describe.each(WINDOWS)('on a %s in %s', (device, locale) => {
    const say = textsIn(locale);
    const open = (path: string, options: OpenOptions = {}): Promise<Page> =>
      // A new endpoint is refused an address.
      panel.open(path, {
        device,
        locale,
        refusedCalls: /\/console\/session$|\/admin\/endpoints/,
        ...options,
      });

    it('an endpoint is made, its secret is shown once and signs, and it is rotated, disabled, enabled and deleted', async () => {
      const page = await open('/endpoints');
      await page.getByRole('button', { name: say('Criar endpoint'), exact: true }).click();
      const dialog = page.getByRole('dialog');
      const submit = dialog.getByRole('button', { name: say('Criar endpoint') });
      await submit.click();
      await dialog.getByText(say('Digite um endereço que comece com https://')).waitFor();
      await dialog.getByLabel(say('Endereço (URL)')).fill('https://user:secret@example.com/');
      await submit.click();
      await dialog.getByText(say('O endereço não foi aceito: precisa ser https e público.')).waitFor();
      await dialog.getByLabel(say('Endereço (URL)')).fill(receiver.url);
      await dialog.getByLabel(say('Só os marcados')).check();
      await submit.click();
      await dialog.getByText(say('Marque ao menos um evento.')).waitFor();
      await dialog.getByLabel(say('Estorno confirmado')).check();
      await panel.window.screenshot(`choose-events-${locale}`);
      expect(await panel.window.violations()).toEqual([]);
      await submit.click();
      const secret = await dialog
        .getByLabel(say('Segredo para verificar as assinaturas'))
        .first()
        .inputValue();
      await panel.window.screenshot(`secret-${locale}`);
      expect(await panel.window.violations()).toEqual([]);
      await dialog.getByRole('button', { name: say('Copiar') }).click();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(secret);
      await dialog.getByRole('button', { name: say('Fechar') }).click();
      expect(await page.content()).not.toContain(secret);
      await page
        .locator('[data-row]', { hasText: say('todas as lojas') })
        .first()
        .click();

      const events = page.locator('.facts', { hasText: say('Eventos') });
      await events.getByText(say('Estorno confirmado'), { exact: true }).waitFor();
      await page.getByRole('button', { name: say('Mudar os eventos') }).click();
      expect(await dialog.getByRole('checkbox', { checked: true }).count()).toBe(1);
      await dialog.getByLabel(say('Todos, também os que vierem a existir')).check();
      await dialog.getByRole('button', { name: say('Mudar os eventos') }).click();
      await dialog.getByText(say('Os eventos do endpoint foram mudados.')).waitFor();
      await dialog.getByRole('button', { name: say('Fechar') }).click();
      await events.getByText(say('todos'), { exact: true }).waitFor();

      await confirm(page, say('Enviar evento de teste'));
      await dialog.getByText(say('Entregue: o servidor respondeu {status}.', { status: 204 })).waitFor();
      const { body, headers } = receiver.received.at(-1)!;
      expect(verifies(secret, body, headers)).toBe(true);
      await dialog.getByRole('button', { name: say('Fechar') }).click();

      await confirm(page, say('Trocar o segredo'));
      const rotated = await dialog
        .getByLabel(say('Segredo para verificar as assinaturas'))
        .first()
        .inputValue();
      expect(rotated).toMatch(/^whsec_/);
      expect(rotated).not.toBe(secret);
      await dialog.getByRole('button', { name: say('Fechar') }).click();
      await page.getByText(say('Segredo anterior vale até')).waitFor();

      await confirm(page, say('Desativar'));
      await dialog.getByRole('button', { name: say('Fechar') }).click();
      await page
        .getByText(
          say(
            'Desativado por um operador. Ao ativar, o que ficou pendente nos últimos 30 dias é enviado na ordem.',
          ),
        )
        .waitFor();
      await panel.window.screenshot(`endpoint-disabled-${locale}`);
      await confirm(page, say('Ativar de novo'));
      await dialog.getByText(say('O endpoint está ativo.')).waitFor();
      await dialog.getByRole('button', { name: say('Fechar') }).click();

      await page.getByRole('button', { name: say('Mudar o endereço') }).click();
      await dialog.getByLabel(say('Endereço (URL)')).fill(`${receiver.url}/new`);
      await dialog.getByRole('button', { name: say('Mudar o endereço') }).click();
      await dialog.getByText(say('O endereço agora é {url}.', { url: `${receiver.url}/new` })).waitFor();
      await dialog.getByRole('button', { name: say('Fechar') }).click();

      await confirm(page, say('Excluir'));
      await dialog.getByText(say('O endpoint foi excluído.')).waitFor();
      await dialog.getByRole('button', { name: say('Fechar') }).click();
      await page.locator('[data-row]').first().waitFor();
      expect(new URL(page.url()).pathname).toBe('/console/endpoints');
      expect(await page.getByText(say('todas as lojas')).count()).toBe(0);
    });

    it('a notification is sent again from its detail', async () => {
      const page = await open(`/notifications?endpoint_id=${endpointId}`);
      await page.locator('[data-row]').first().click();
      await page.getByText('"order.status_changed"').waitFor();
      const before = receiver.received.length;
      const dialog = await confirm(page, say('Enviar de novo'));
      await dialog.getByText(say('A notificação vai ser enviada agora.')).waitFor();
      await eventually(() => {
        expect(receiver.received.length).toBe(before + 1);
        return Promise.resolve();
      });
    });

    it('a selection of those that failed is sent again', async () => {
      // One that is sent again is queued until it has failed again.
      await eventually(async () => {
        expect(await listed(`order_id=${paid.orderId}&state=failing`)).toHaveLength(1);
      });
      const page = await open('/notifications?state=failing');
      await page.getByRole('button', { name: say('Reenviar as que falharam…') }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(say('Marcar todas')).uncheck();
      await dialog.getByRole('button', { name: say('Reenviar {count}', { count: 0 }) }).click();
      await dialog.getByText(say('Escolha ao menos uma.')).waitFor();
      await panel.window.screenshot(`replay-selection-${locale}`);
      await dialog.getByLabel(new RegExp(String(paid.orderId))).check();
      await dialog.getByRole('button', { name: say('Reenviar {count}', { count: 1 }) }).click();
      await dialog.getByText(say('Notificações a caminho: {count}.', { count: 1 })).waitFor();
      const [replayed] = await listed(`endpoint_id=${failingId}&order_id=${paid.orderId}`);
      const audit = await panel.call('GET', '/admin/audit?limit=5');
      expect(audit.text).toContain('replay');
      expect(replayed).toBeDefined();
    });
  });
});
