import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { type RunningPostgres, startEmbeddedPostgres } from '../../src/embedded-postgres/embedded-postgres';
import { freePort } from '../../src/embedded-postgres/free-port';

export { freePort };

/** A server that the tests have started. */
export interface TestServer<Connection> {
  readonly connection: Connection;
  stop(): Promise<void>;
}

export type PostgresConnection = Pick<RunningPostgres, 'host' | 'port' | 'username' | 'password'>;

/** Starts a PostgreSQL in a new directory, without fsync: its data is deleted after the run. */
export async function startPostgres(): Promise<TestServer<PostgresConnection>> {
  const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-test-'));
  const server = await startEmbeddedPostgres({
    dataDirectory: join(directory, 'postgres'),
    username: 'appmax',
    database: 'appmax_checkout',
    settings: { fsync: 'off', max_connections: '300' },
  });
  const { host, port, username, password, dataDirectory } = server;
  return {
    connection: { host, port, username, password },
    stop: async () => {
      await server.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export interface RedisConnection {
  readonly host: string;
  readonly port: number;
  readonly password: string;
}

/** Starts a Redis with a password and without persistence. @param more further arguments of `redis-server`. */
export async function startRedis(
  connection: RedisConnection = { host: '127.0.0.1', port: 0, password: randomBytes(12).toString('hex') },
  more: readonly string[] = [],
): Promise<TestServer<RedisConnection>> {
  const { host, password } = connection;
  const port = connection.port === 0 ? await freePort() : connection.port;
  const args = [
    '--bind',
    host,
    '--port',
    String(port),
    '--requirepass',
    password,
    '--save',
    '',
    '--appendonly',
    'no',
    '--databases',
    '1000',
    ...more,
  ];
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  await waitForRedis({ host, port, password }, child);
  return { connection: { host, port, password }, stop: () => stopChild(child, 'SIGTERM') };
}

/** Kills a process when Jest exits and does not let it keep Jest running, in case a test fails before it stops it. */
export function endWithTests(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): void {
  const kill = (): void => {
    child.kill(signal);
  };
  process.once('exit', kill);
  child.once('exit', () => process.removeListener('exit', kill));
  child.unref();
  for (const stream of [child.stdout, child.stderr]) (stream as Socket | null)?.unref();
}

/** Stops a process and waits until it has exited. */
export async function stopChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

async function waitForRedis({ host, port, password }: RedisConnection, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`redis-server ended with exit code ${child.exitCode}`);
    const client = createClient({ socket: { host, port, reconnectStrategy: false }, password });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.disconnect();
      return;
    } catch {
      await sleep(25);
    }
  }
  throw new Error('redis-server does not answer');
}
