import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithTests, freePort, stopChild } from './servers';

/** True if a `pgbouncer` is on the PATH; without it, its tests are skipped. */
export const HAS_PGBOUNCER = spawnSync('pgbouncer', ['--version']).status === 0;

/** A running PgBouncer in front of the test database. */
export interface TestPgBouncer {
  /** The service's variables for the way through PgBouncer. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts a PgBouncer with few server connections, so that clients share them in transaction mode. */
export async function startPgBouncer(
  database: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, string>>,
): Promise<TestPgBouncer> {
  const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-pgbouncer-'));
  const port = await freePort();
  const { DB_HOST, DB_PORT, DB_USERNAME, DB_PASSWORD } = database;
  const file = join(directory, 'pgbouncer.ini');
  const options = {
    listen_addr: '127.0.0.1',
    listen_port: String(port),
    unix_socket_dir: '',
    auth_type: 'any',
    default_pool_size: '20',
    ...settings,
  };
  writeFileSync(
    file,
    [
      '[databases]',
      `* = host=${DB_HOST} port=${DB_PORT} user=${DB_USERNAME} password=${DB_PASSWORD}`,
      '[pgbouncer]',
      ...Object.entries(options).map(([name, value]) => `${name} = ${value}`),
    ].join('\n'),
  );
  chmodSync(directory, 0o755);
  // PgBouncer does not run as root.
  const user = process.getuid?.() === 0 ? { uid: 65_534 } : {};
  const child = spawn('pgbouncer', [file], { stdio: 'ignore', ...user });
  endWithTests(child);
  await waitFor(port);
  return {
    environment: { ...database, DB_HOST: '127.0.0.1', DB_PORT: String(port) },
    stop: async () => {
      await stopChild(child, 'SIGKILL');
      rmSync(directory, { recursive: true });
    },
  };
}

async function waitFor(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    const isUp = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isUp) return;
    await sleep(25);
  }
  throw new Error('PgBouncer does not answer');
}
