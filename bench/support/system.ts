import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Shop } from '../../quickstart/shop';
import { SimulatorControl } from '../../simulator/control-client';
import { type RunningPostgres, startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres';
import { freePort } from '../../src/database/embedded/free-port';
import { startProgram, startSimulator, stopProgram } from './programs';
import { countRoundTrips, type RoundTripCounter } from './round-trips';

const APP_ID = '7';

/** Settings without limits that would distort a measurement, and with few logs, as in production. */
const VARIABLES = {
  APP_ENV: 'production',
  LOG_LEVEL: 'warn',
  RATE_LIMIT: 'off',
  CACHE_DRIVER: 'memory',
  APPMAX_RATE_BURST: '100000',
  APPMAX_RATE_PER_SECOND: '100000',
};

/** The built service, a PostgreSQL that flushes to disk, and a simulated Appmax, each in its own process. */
export interface BenchSystem {
  readonly url: string;
  readonly simulatorUrl: string;
  readonly control: SimulatorControl;
  readonly roundTrips: RoundTripCounter;
  /** The database, without the counting proxy. */
  readonly postgres: RunningPostgres;
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
  const { child: simulator, origin: simulatorUrl } = await startSimulator({
    SIMULATOR_SERVICE_URL: url,
    SIMULATOR_APP_ID_UUID: app.id,
    SIMULATOR_APP_ID_NUMERIC: APP_ID,
    SIMULATOR_CLIENT_ID: app.clientId,
    SIMULATOR_CLIENT_SECRET: app.clientSecret,
  });
  const control = new SimulatorControl(simulatorUrl);
  await control.change({ rate_limits: false, monthly_quota: null, webhooks: false });
  const service = startProgram('src/main.js', {
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
  await new Shop({ serviceUrl: url, simulatorUrl, appIdUuid: app.id }, key).install();
  return {
    url,
    simulatorUrl,
    control,
    roundTrips,
    postgres,
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

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error('The service was not ready within 30 seconds');
}
