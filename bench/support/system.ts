import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { SimulatorControl } from '../../simulator/control-client';
import { startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres';
import { freePort } from '../../src/database/embedded/free-port';
import { countRoundTrips, type RoundTripCounter } from './round-trips';

const ROOT = join(__dirname, '..', '..');
const APP_ID = '7';

/** Limits that do not get in the way of a measurement, and quiet logs, as in production. */
const VARIABLES = {
  APP_ENV: 'production',
  LOG_LEVEL: 'warn',
  RATE_LIMIT: 'off',
  CACHE_DRIVER: 'memory',
  APPMAX_RATE_BURST: '100000',
  APPMAX_RATE_PER_SECOND: '100000',
};

/** The built service with a PostgreSQL that flushes to disk, beside a simulated Appmax, each a process of its own. */
export interface BenchSystem {
  readonly url: string;
  readonly simulatorUrl: string;
  readonly control: SimulatorControl;
  readonly roundTrips: RoundTripCounter;
  /** The key of a shop that has installed the app. */
  readonly key: string;
  stop(): Promise<void>;
}

export async function startSystem(): Promise<BenchSystem> {
  const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-bench-'));
  const postgres = await startEmbeddedPostgres({
    dataDirectory: join(directory, 'postgres'),
    username: 'appmax',
    database: 'appmax_checkout',
  });
  const roundTrips = await countRoundTrips(postgres.port);
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const app = { id: randomUUID(), clientId: randomUUID(), clientSecret: randomUUID() };
  const simulator = await startProgram('simulator/main.js', {
    SIMULATOR_PORT: '0',
    SIMULATOR_SERVICE_URL: url,
    SIMULATOR_APP_ID_UUID: app.id,
    SIMULATOR_APP_ID_NUMERIC: APP_ID,
    SIMULATOR_CLIENT_ID: app.clientId,
    SIMULATOR_CLIENT_SECRET: app.clientSecret,
  });
  const simulatorUrl = await addressOf(simulator);
  const control = new SimulatorControl(simulatorUrl);
  await control.change({ rate_limits: false, monthly_quota: null, webhooks: false });
  const service = await startProgram('src/main.js', {
    ...VARIABLES,
    APP_PORT: port,
    APP_URL: url,
    APP_KEY: randomBytes(32).toString('base64'),
    API_SECRET_KEYS: `sk_bench_${randomUUID()}`,
    DB_HOST: '127.0.0.1',
    DB_PORT: String(roundTrips.port),
    DB_USERNAME: postgres.username,
    DB_PASSWORD: postgres.password,
    DB_DATABASE: 'appmax_checkout',
    RUN_MIGRATIONS: 'true',
    APPMAX_AUTH_URL: simulatorUrl,
    APPMAX_API_URL: simulatorUrl,
    APPMAX_ADMIN_URL: `${simulatorUrl}/sandbox`,
    APPMAX_APP_ID_UUID: app.id,
    APPMAX_APP_ID_NUMERIC: APP_ID,
    APPMAX_CLIENT_ID: app.clientId,
    APPMAX_CLIENT_SECRET: app.clientSecret,
  });
  service.stdout?.resume();
  await untilReady(url);
  const key = 'bench';
  await install(url, app.id, key);
  return {
    url,
    simulatorUrl,
    control,
    roundTrips,
    key,
    stop: async () => {
      await Promise.all([service, simulator].map(stopProgram));
      roundTrips.stop();
      await postgres.stop();
      rmSync(postgres.dataDirectory, { recursive: true, force: true });
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function startProgram(path: string, variables: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(ROOT, path)], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  return Promise.resolve(child);
}

async function stopProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('The simulator has no output');
  for await (const line of createInterface(stdout)) {
    const address = /listening on (\S+)/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error('The simulator did not start');
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error('The service was not ready within 30 seconds');
}

async function install(url: string, appId: string, key: string): Promise<void> {
  const redirect = 'manual' as const;
  const start = await fetch(`${url}/install/start?app_id=${appId}&external_key=${key}`, { redirect });
  const consent = start.headers.get('location') ?? '';
  const saved = await fetch(consent, { method: 'POST', redirect });
  const installed = await fetch(saved.headers.get('location') ?? '');
  if (!installed.ok) throw new Error(`The installation was answered ${installed.status}`);
}
