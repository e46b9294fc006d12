import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { copyInto, newProject } from './support/client-package';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { type Answer, send } from './support/http';
import { endWithTests, stopChild } from './support/servers';
import { SECRET_KEY, startService, type TestService } from './support/service';
import { CUSTOMER, install } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';

const KEY = 'my-shop';
const SECRET = `whsec_${Buffer.from('a secret of the test').toString('base64')}`;

describe('The example shop', () => {
  let database: TestDatabase;
  let simulator: TestSimulator;
  let service: TestService;
  let project: string;
  let child: ChildProcess;
  let url: string;

  beforeAll(async () => {
    [database, simulator] = await Promise.all([createDatabase(), startSimulator()]);
    service = await startService({ ...database.environment, ...simulator.environment, APP_ENV: 'local' });
    await install(service, simulator, KEY);
    project = newProject();
    copyInto(project, 'examples/shop');
    const shop = spawn(process.execPath, ['server.mjs'], {
      cwd: project,
      env: {
        PATH: process.env['PATH'],
        CHECKOUT_URL: service.url,
        CHECKOUT_KEY: KEY,
        CHECKOUT_SECRET_KEY: SECRET_KEY,
        NOTIFY_SECRET: SECRET,
        PORT: '0',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    endWithTests(shop);
    child = shop;
    for await (const line of createInterface(shop.stdout)) {
      url = /http:\S+/.exec(line)![0];
      break;
    }
  });

  afterAll(async () => {
    await stopChild(child, 'SIGTERM');
    await service.stop();
    await Promise.all([simulator.stop(), database.drop()]);
    rmSync(project, { recursive: true, force: true });
  });

  const buy = async (fields: Record<string, string>): Promise<Answer> =>
    send('POST', `${url}/buy`, {
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });

  it('its server and page have less than 200 lines', () => {
    const files = readdirSync(join(__dirname, '../examples/shop')).filter((name) => name.endsWith('.mjs'));
    const lines = files.flatMap((name) =>
      readFileSync(join(__dirname, '../examples/shop', name), 'utf8').split('\n'),
    );
    expect(lines.length).toBeLessThan(200);
  });

  it('a shopper buys two products at the prices of the shop, pays, and sees the order', async () => {
    const page = await send('GET', `${url}/`);
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Caneca')]);
    const bought = await buy({ 'CAM-01': '2', 'CAN-01': '1', unit_value: '1' });
    expect([bought.status, bought.text]).toEqual([303, '']);
    const session = bought.headers.get('location')!.replace(service.url, '');
    expect(session).toMatch(/^\/pay\/[\w-]+$/);

    const view = await service.send('GET', `${session}/view`);
    expect(view.body).toMatchObject({ status: 'open', total_value: 2 * 7990 + 3990 });
    const back = new URL(view.body['success_url'] as string);
    expect(back.origin).toBe(url);
    // The shopper comes back without having paid: the address alone proves nothing.
    expect((await send('GET', back.href)).text).toContain('Aguardando o pagamento');

    const pix = await service.send('POST', `${session}/pix`, { body: { customer: CUSTOMER } });
    await simulator.send('POST', `/_simulator/orders/${pix.body['order_id'] as number}/pay`);
    await eventually(async () => {
      const order = await send('GET', back.href);
      expect(order.text).toContain('Pago. Obrigado!');
      expect(order.text).toContain('2 × Camiseta');
    });
  });

  it('it sells nothing without a quantity, and shows no order that it does not know', async () => {
    expect((await buy({ 'CAM-01': '0' })).status).toBe(422);
    expect((await buy({ 'CAM-01': '-1', 'CAN-01': '99' })).status).toBe(422);
    expect((await send('GET', `${url}/orders/none`)).status).toBe(404);
  });

  it('it accepts a notification only with a signature of its secret', async () => {
    const body = JSON.stringify({
      type: 'session.completed',
      timestamp: '2026-01-31T12:00:00Z',
      data: { session_id: 'cs_1' },
    });
    const at = Math.floor(Date.now() / 1000);
    const signature = createHmac('sha256', Buffer.from('a secret of the test'))
      .update(`msg_1.${at}.${body}`)
      .digest('base64');
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(at),
      'webhook-signature': `v1,${signature}`,
    };
    expect((await send('POST', `${url}/notifications`, { body, headers })).status).toBe(204);
    expect((await send('POST', `${url}/notifications`, { body: `${body} `, headers })).status).toBe(400);
  });
});
