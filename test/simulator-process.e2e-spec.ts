import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { request } from 'undici';
import { SimulatorControl } from '../simulator/control-client';
import { send } from './support/http';
import { at } from './support/simulator-merchant';

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

function start(environment: Record<string, string>): Started {
  const program = join(__dirname, '..', 'dist', 'simulator', 'main.js');
  const child = spawn(process.execPath, [program], { env: { PATH: process.env['PATH'], ...environment } });
  running.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, output: () => output, ended };
}

async function listening(started: Started): Promise<string> {
  for (;;) {
    const origin = /^Appmax simulator listening on (http:\/\/\S+)\n/.exec(started.output())?.[1];
    if (origin !== undefined) return origin;
    if (started.child.exitCode !== null) throw new Error(started.output());
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('the simulator as a program', () => {
  it('the simulator prints its address first, then the variables of the service', async () => {
    const started = start({ SIMULATOR_PORT: '0', SIMULATOR_CLIENT_ID: 'demo' });
    const origin = await listening(started);
    expect((await send('GET', `${origin}/_simulator/settings`)).body).toMatchObject({
      api: 'g2',
      service_url: 'http://127.0.0.1:8080',
    });
    for (const line of [
      `APPMAX_ADMIN_URL=${origin}/sandbox`,
      'APPMAX_CLIENT_ID=demo',
      'APPMAX_CLIENT_SECRET=',
    ]) {
      expect(started.output()).toContain(line);
    }
  });

  it('the simulator answers 421 to a Host that is not its own', async () => {
    const origin = await listening(start({ SIMULATOR_PORT: '0', SIMULATOR_CLIENT_ID: 'demo' }));
    const { port } = new URL(origin);
    const statusFor = async (host: string, path = '/_simulator/orders'): Promise<number> => {
      const { statusCode, body } = await request(`${origin}${path}`, { headers: { host } });
      await body.dump();
      return statusCode;
    };
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'LOCALHOST', `[::1]:${port}`])
      expect([host, await statusFor(host)]).toEqual([host, 200]);
    for (const host of ['rebound.example', `rebound.example:${port}`, 'localhost.example', '192.0.2.1', ''])
      expect([host, await statusFor(host)]).toEqual([host, 421]);
    for (const path of ['/', '/v1/orders/1', '/sandbox/v2/apphook', '/nowhere'])
      expect([path, await statusFor('rebound.example', path)]).toEqual([path, 421]);
    await new SimulatorControl(origin).change({ public_url: 'https://simulator.example/' });
    expect(await statusFor('simulator.example')).toBe(200);
    expect(await statusFor('rebound.example')).toBe(421);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s stops the simulator at once despite open calls',
    async (signal) => {
      const silent = createServer().listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const service = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
      const started = start({ SIMULATOR_PORT: '0', SIMULATOR_SERVICE_URL: service });
      const origin = await listening(started);
      const control = new SimulatorControl(origin);
      await control.addFault({ kind: 'hang', seconds: 600 });
      // A call that hangs, and a webhook that is never answered.
      const hanging = send('GET', `${origin}/v1/orders/1`).catch(() => undefined);
      const unanswered = control.forge({ event: 'order_paid' }).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const stoppedAt = Date.now();
      started.child.kill(signal);
      expect(await started.ended).toBe(0);
      expect(Date.now() - stoppedAt).toBeLessThan(2000);
      await Promise.all([hanging, unanswered]);
      silent.closeAllConnections();
      silent.close();
    },
  );

  it('the simulator reports clearly that its port is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    const started = start({ SIMULATOR_PORT: port });
    expect(await started.ended).toBe(1);
    expect(started.output()).toContain(`Port ${port} on 127.0.0.1 is taken`);
    expect(started.output()).not.toContain('    at ');
    taken.close();
  });

  it('the simulator reports all errors of its environment at once', async () => {
    const started = start({ SIMULATOR_PORT: 'x', SIMULATOR_API: 'g3' });
    expect(await started.ended).toBe(1);
    expect(started.output()).toMatch(/SIMULATOR_PORT: .*\n.*SIMULATOR_API: /);
  });

  it('the simulator accepts the credentials of merchants of an earlier run', async () => {
    const environment = {
      SIMULATOR_PORT: '0',
      SIMULATOR_CLIENT_ID: 'demo',
      SIMULATOR_CLIENT_SECRET: 'demo-secret',
    };
    const first = start(environment);
    const merchant = await new SimulatorControl(await listening(first)).createMerchant({
      external_key: 'minha-loja',
    });
    first.child.kill('SIGTERM');
    await first.ended;
    const origin = await listening(start(environment));
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: merchant.client_id,
      client_secret: merchant.client_secret,
    });
    const answer = await fetch(`${origin}/oauth2/token`, { method: 'POST', body: form });
    const { access_token } = (await answer.json()) as { access_token: string };
    const order = await send('GET', `${origin}/v1/orders/1`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(order.status).toBe(404);
    expect(at(await send('GET', `${origin}/_simulator/merchants`), 'merchants.0.external_key')).toBe(
      'minha-loja',
    );
  });
});
