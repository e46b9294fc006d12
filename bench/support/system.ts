import { type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Shop } from '../../quickstart/shop';
import { SimulatorControl } from '../../simulator/control-client';
import { startEmbeddedPostgres } from '../../src/embedded-postgres/embedded-postgres';
import { freePort } from '../../src/embedded-postgres/free-port';
import { startProgram, startSimulator, stopProgram } from './programs';
import { countRoundTrips, type RoundTripCounter } from './round-trips';

const APP_ID = '7';
const DATABASE = 'appmax_checkout';

/** Settings without limits that would distort a measurement, and with few logs, as in production. */
const VARIABLES = {
  APP_ENV: 'production',
  LOG_LEVEL: 'warn',
  RATE_LIMIT: 'off',
  CACHE_DRIVER: 'memory',
  APPMAX_RATE_BURST: '100000',
  APPMAX_RATE_PER_SECOND: '100000',
};

/** The differences of one benchmark's system from the others'. */
export interface SystemOptions {
  /** Settings of the service, in addition to or instead of the usual ones. */
  readonly variables?: Readonly<Record<string, string>>;
  /**
   * False if the service connects to PostgreSQL directly. The counting proxy runs in the benchmark's process, and takes
   * a part of the machine.
   */
  readonly countsRoundTrips?: boolean;
}

/** The address of PostgreSQL, in the form of the clients of `pg`. */
export interface BenchDatabase {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** The built service, a PostgreSQL that flushes to disk, and a simulated Appmax, each in its own process. */
export interface BenchSystem {
  readonly url: string;
  readonly simulatorUrl: string;
  readonly control: SimulatorControl;
  /** Counts nothing if `countsRoundTrips` is false. */
  readonly roundTrips: RoundTripCounter;
  readonly database: BenchDatabase;
  readonly service: ChildProcess;
  /** The key of a shop that has installed the app. */
  readonly key: string;
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL, the simulator and the service, and installs the app for one shop.
 *
 * @throws Error if one of them does not start; what has started is stopped before.
 */
export async function startSystem(options: SystemOptions = {}): Promise<BenchSystem> {
  const steps: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of steps.splice(0).reverse()) await step();
  };
  try {
    return { ...(await startParts(options, (step) => steps.push(step))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Lets the simulated Appmax take this long for the answer to each payment. */
export async function slowDownPayments({ control }: BenchSystem, seconds: number): Promise<void> {
  for (const method of ['pix', 'boleto', 'credit-card'])
    await control.addFault({
      kind: 'drip',
      when: 'after',
      route: `POST /v1/payments/${method}`,
      seconds,
      pieces: 1,
      times: null,
    });
}

/** @param atStop is given what undoes each step; the last one is to be undone first. */
async function startParts(
  { variables = {}, countsRoundTrips = true }: SystemOptions,
  atStop: (step: () => unknown) => void,
): Promise<Omit<BenchSystem, 'stop'>> {
  const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-bench-'));
  atStop(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  const postgres = await startEmbeddedPostgres({
    dataDirectory: join(directory, 'postgres'),
    username: 'appmax',
    database: DATABASE,
  });
  atStop(async () => {
    await postgres.stop();
    rmSync(postgres.dataDirectory, { recursive: true, force: true });
  });
  const roundTrips = await countRoundTrips(postgres.port);
  atStop(() => {
    roundTrips.stop();
  });
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
  atStop(() => stopProgram(simulator));
  const control = new SimulatorControl(simulatorUrl);
  await control.change({ rate_limits: false, monthly_quota: null, webhooks: false });
  const service = startProgram('src/main.js', {
    ...VARIABLES,
    APP_PORT: port,
    APP_URL: url,
    APP_KEY: randomBytes(32).toString('base64'),
    API_SECRET_KEYS: `sk_bench_${randomUUID()}`,
    DB_HOST: '127.0.0.1',
    DB_PORT: String(countsRoundTrips ? roundTrips.port : postgres.port),
    DB_USERNAME: postgres.username,
    DB_PASSWORD: postgres.password,
    DB_DATABASE: DATABASE,
    RUN_MIGRATIONS: 'true',
    APPMAX_AUTH_URL: simulatorUrl,
    APPMAX_API_URL: simulatorUrl,
    APPMAX_ADMIN_URL: `${simulatorUrl}/sandbox`,
    APPMAX_SCRIPT_URL: `${simulatorUrl}/appmax.min.js`,
    APPMAX_APP_ID_UUID: app.id,
    APPMAX_APP_ID_NUMERIC: APP_ID,
    APPMAX_CLIENT_ID: app.clientId,
    APPMAX_CLIENT_SECRET: app.clientSecret,
    ...variables,
  });
  atStop(() => stopProgram(service));
  service.stdout?.resume();
  await untilReady(url, service);
  const key = 'bench';
  await new Shop({ serviceUrl: url, simulatorUrl, appIdUuid: app.id }, key).install();
  return {
    url,
    simulatorUrl,
    control,
    roundTrips,
    database: {
      host: '127.0.0.1',
      port: postgres.port,
      user: postgres.username,
      password: postgres.password,
      database: DATABASE,
    },
    service,
    key,
  };
}

async function untilReady(url: string, service: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (service.exitCode !== null) throw new Error(`The service has exited with ${service.exitCode}`);
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error('The service was not ready within 30 seconds');
}
