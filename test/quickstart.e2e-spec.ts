import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { eventually } from './support/eventually';
import { send } from './support/http';
import { Quickstart } from './support/quickstart';
import { stopChild } from './support/servers';
import { exitCodeOf } from './support/service';
import { at } from './support/simulator-merchant';

/** Runs a command that the quickstart has printed. @returns what it printed; a stream is read for two seconds. */
function runPrinted(output: string, name: string, orderId = ''): string {
  const command = new RegExp(`^ +${name} +(curl .*)$`, 'm').exec(output)![1]!.replace('ORDER_ID', orderId);
  const limited = command.replace('curl -sN', 'curl -sN --max-time 2');
  return spawnSync('sh', ['-c', limited], { encoding: 'utf8' }).stdout;
}

describe('The quickstart', () => {
  let quickstart: Quickstart;

  beforeAll(async () => {
    quickstart = await Quickstart.prepare();
  });

  afterAll(() => quickstart.remove());

  /** Checks that the address of an open session is printed. */
  const expectOpenSession = async (output: string): Promise<void> => {
    const session = /\S+\/pay\/cs_\S+/.exec(output)![0];
    expect(session).toMatch(new RegExp(`^${quickstart.serviceUrl}/pay/cs_`));
    expect((await send('GET', `${session}/view`)).body).toMatchObject({
      status: 'open',
      total_value: 15_990,
    });
  };

  /** Checks that the printed session is open, and that each printed command does what it says. */
  const expectReady = async (output: string): Promise<void> => {
    await expectOpenSession(output);
    const card = runPrinted(output, 'card');
    expect(JSON.parse(card)).toMatchObject({ status: 'aprovado' });
    const orderId = String((JSON.parse(card) as { order_id: number }).order_id);
    expect(runPrinted(output, 'refund', orderId)).toContain('"message"');
    const boleto = JSON.parse(runPrinted(output, 'boleto')) as { order_id: number; digitavel: string };
    expect(boleto.digitavel).toMatch(/^\d{5}/);
    expect(runPrinted(output, 'stream', String(boleto.order_id))).toContain('data: {');
    expect((await send('GET', /^ +docs +(\S+)/m.exec(output)![1]!)).status).toBe(200);
    for (const card of ['0010', '0002', '9999']) expect(output).toContain(`4000 0000 0000 ${card}`);
  };

  it('the quickstart starts everything, serves the demo, stops at Ctrl-C, and keeps its data', async () => {
    const first = await quickstart.start((output) => {
      // The address of a payment page is printed only when it has its script.
      expect(output).not.toContain('/pay/');
    });
    expect(first.output()).toContain(quickstart.serviceUrl);
    expect(first.output()).toMatch(/secret key +sk_demo_\S+/);
    const console = /^ +console +(\S+)/m.exec(first.output())![1]!;
    expect([console, (await send('GET', console)).status]).toEqual([`${quickstart.serviceUrl}/console`, 200]);
    for (const step of ['Starting', 'The simulator answers', 'PostgreSQL runs'])
      expect(first.output()).toMatch(new RegExp(`^\\[ *\\d+\\.\\d s\\] ${step}`, 'm'));

    // Another address of this machine's loopback network: only a program that listens on all addresses answers there.
    for (const url of [quickstart.serviceUrl, quickstart.simulatorUrl]) {
      expect((await send('GET', `${url}/`)).status).toBe(200);
      await expect(send('GET', `${url.replace('127.0.0.1', '127.0.0.2')}/`)).rejects.toThrow('fetch failed');
    }

    await expectReady(first.output());

    const demo = quickstart.run('demo.js');
    expect([await exitCodeOf(demo.child), demo.output()]).toEqual([
      0,
      expect.stringContaining('Every order ended as expected'),
    ]);
    const orders = [...demo.output().matchAll(/order (\d+) by/g)].map(([, orderId]) => orderId);
    await expectOpenSession(demo.output());
    expect(demo.output()).toContain('the backend has received 4 notifications');
    expect(demo.output()).toContain(`${quickstart.serviceUrl}/console`);
    const left = await quickstart.asOperator('/admin/notifications?limit=200');
    const states = (left.body['data'] as { state: string }[]).map(({ state }) => state);
    expect(states).toEqual(expect.arrayContaining(['delivered', 'failing']));
    const key = /merchant "(demo-\w+)"/.exec(demo.output())![1]!;
    expect(orders).toHaveLength(3);

    // Commands need no variables: they find those of the quickstart.
    const doctor = quickstart.run('../src/commands/doctor.js', { APP_PORT: '', LOG_LEVEL: '' });
    expect([await exitCodeOf(doctor.child), doctor.output()]).toEqual([
      0,
      expect.stringMatching(/^ok +migrations[^]*^warning +public URL[^]*^ok +Appmax's token/m),
    ]);
    const keys = quickstart.run('../src/commands/list-keys.js', { APP_PORT: '', LOG_LEVEL: '' });
    expect([await exitCodeOf(keys.child), keys.output()]).toEqual([0, '']);

    await stopChild(first.child, 'SIGINT');
    expect(first.child.exitCode).toBe(0);

    const second = await quickstart.start();
    await expectOpenSession(second.output());
    const statuses = orders.map((orderId) => quickstart.statusOf(key, orderId!));
    expect(await Promise.all(statuses)).toEqual(['estornado', 'aprovado', 'aprovado']);

    // The simulator has lost all data and recognises the merchant by the credentials that the service has stored.
    const sold = await quickstart.sellByPix(key);
    expect([sold.status, sold.body['emv']]).toEqual([200, expect.stringMatching(/^000201/)]);
    const orderId = String(sold.body['order_id']);
    expect(orders).not.toContain(orderId);
    await send('POST', `${quickstart.simulatorUrl}/_simulator/orders/${orderId}/pay`);
    await eventually(async () => {
      expect(await quickstart.statusOf(key, orderId)).toBe('aprovado');
    });
    const merchants = await send('GET', `${quickstart.simulatorUrl}/_simulator/merchants`);
    expect(at(merchants, 'merchants.0.external_key')).toBe(key);
    await stopChild(second.child, 'SIGINT');
    expect(second.child.exitCode).toBe(0);
  }, 180_000);

  it('the quickstart reports clearly that a port is in use', async () => {
    const other = createServer().listen(0);
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const second = quickstart.run('quickstart.js', { APP_PORT: String(port) });
    expect(await exitCodeOf(second.child)).toBe(1);
    expect(second.output()).toContain(`Port ${port} is taken by another program`);
    other.close();
  });

  it('the demo reports that no quickstart is running', async () => {
    const demo = quickstart.run('demo.js');
    expect(await exitCodeOf(demo.child)).toBe(1);
    expect(demo.output()).toContain('npm run quickstart');
  });
});
