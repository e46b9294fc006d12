import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachEmbeddedPostgres } from '../src/database/embedded/embedded-postgres';
import { send } from './support/http';
import { freePort, stopChild } from './support/servers';
import { exitCodeOf } from './support/service';

const PROJECT = join(__dirname, '..');

interface Run {
  readonly child: ChildProcess;
  output(): string;
}

describe('The quickstart', () => {
  let directory: string;
  let ports: { APP_PORT: string; SIMULATOR_PORT: string };

  beforeAll(async () => {
    // A place of its own: whoever runs the tests may have a quickstart running, or data in the project.
    directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-quickstart-'));
    cpSync(join(PROJECT, 'dist'), join(directory, 'dist'), { recursive: true });
    symlinkSync(join(PROJECT, 'node_modules'), join(directory, 'node_modules'));
    ports = { APP_PORT: String(await freePort()), SIMULATOR_PORT: String(await freePort()) };
  });

  afterAll(async () => {
    const { dataDirectory, stop } = await attachEmbeddedPostgres({
      dataDirectory: join(directory, 'data', 'postgres'),
      username: 'appmax',
      database: 'appmax_checkout',
    });
    await stop();
    rmSync(dataDirectory, { recursive: true, force: true });
    rmSync(directory, { recursive: true, force: true });
  });

  const run = (program: string, environment: Record<string, string> = ports): Run => {
    const child = spawn(process.execPath, ['--preserve-symlinks', join('dist', 'quickstart', program)], {
      cwd: directory,
      env: { PATH: process.env['PATH'], LOG_LEVEL: 'warn', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    return { child, output: () => output };
  };

  const started = async (quickstart: Run): Promise<void> => {
    while (!quickstart.output().includes('Ctrl-C stops everything')) {
      if (quickstart.child.exitCode !== null)
        throw new Error(`The quickstart ended:\n${quickstart.output()}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  it('starts everything, serves the demo, stops at Ctrl-C, and finds its data again', async () => {
    const first = run('quickstart.js');
    await started(first);
    expect(first.output()).toContain(`http://127.0.0.1:${ports.APP_PORT}`);
    expect(first.output()).toMatch(/secret key +sk_demo_\S+/);

    const demo = run('demo.js');
    expect([await exitCodeOf(demo.child), demo.output()]).toEqual([
      0,
      expect.stringContaining('Every order ended as expected'),
    ]);
    const orders = [...demo.output().matchAll(/order (\d+) by/g)].map(([, orderId]) => orderId);
    const key = /merchant "(demo-\w+)"/.exec(demo.output())![1]!;
    expect(orders).toHaveLength(3);

    await stopChild(first.child, 'SIGINT');
    expect(first.child.exitCode).toBe(0);

    const second = run('quickstart.js');
    await started(second);
    const statuses = await Promise.all(
      orders.map((orderId) =>
        send('GET', `http://127.0.0.1:${ports.APP_PORT}/checkout/${key}/status/${orderId!}`),
      ),
    );
    expect(statuses.map(({ body }) => body['status'])).toEqual(['estornado', 'aprovado', 'aprovado']);
    await stopChild(second.child, 'SIGINT');
    expect(second.child.exitCode).toBe(0);
  }, 90_000);

  it('tells in plain words that a port is taken', async () => {
    const other = createServer().listen(0);
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const quickstart = run('quickstart.js', { ...ports, APP_PORT: String(port) });
    expect(await exitCodeOf(quickstart.child)).toBe(1);
    expect(quickstart.output()).toContain(`Port ${port} is taken by another program`);
    other.close();
  });

  it('tells the demo that no quickstart is running', async () => {
    const demo = run('demo.js');
    expect(await exitCodeOf(demo.child)).toBe(1);
    expect(demo.output()).toContain('npm run quickstart');
  });
});
