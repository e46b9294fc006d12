import { type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../src/embedded-postgres/embedded-postgres';
import { freePort } from '../src/embedded-postgres/free-port';
import { sendLoad } from './support/load';
import { residentMegabytes } from './support/process-usage';
import { startProgram, startServer, stopProgram } from './support/programs';
import { type BenchOptions, type BenchResult, median } from './support/result';

const ROUNDS = { quick: 1, full: 3 };
const REQUESTS = 100;
/** Time without requests before the memory is read. */
const IDLE_MILLISECONDS = { quick: 500, full: 5_000 };
const POLL_MILLISECONDS = 5;
/** A path that both programs answer 404 after one SELECT. */
const PATH = '/checkout/unknown/status/1';

interface Started {
  readonly child: ChildProcess;
  readonly origin: string;
  readonly milliseconds: number;
}

interface Figures {
  readonly milliseconds: number[];
  readonly megabytes: number[];
}

/**
 * Measures the time from the start of the process to its first answer, and its resident memory after 100 requests, with
 * production settings on a migrated database. The floor is a Nest application on Fastify with one route.
 */
export async function benchStart({ quick }: BenchOptions): Promise<BenchResult[]> {
  const size = quick ? 'quick' : 'full';
  const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-bench-'));
  const postgres = await startEmbeddedPostgres({
    dataDirectory: join(directory, 'postgres'),
    username: 'appmax',
    database: 'appmax_checkout',
  });
  const { host, port, username, password } = postgres;
  const startFloor = (): Promise<Started> =>
    timedStart(() =>
      startServer('bench/floors/status.js', {
        PGHOST: host,
        PGPORT: String(port),
        PGUSER: username,
        PGPASSWORD: password,
        PGDATABASE: 'appmax_checkout',
      }),
    );
  const startService = (): Promise<Started> =>
    timedStart(async () => {
      const servicePort = String(await freePort());
      const origin = `http://127.0.0.1:${servicePort}`;
      const child = startProgram('src/main.js', {
        APP_ENV: 'production',
        LOG_LEVEL: 'warn',
        RATE_LIMIT: 'off',
        CACHE_DRIVER: 'memory',
        APP_PORT: servicePort,
        APP_URL: origin,
        APP_KEY: randomBytes(32).toString('base64'),
        API_SECRET_KEYS: `sk_bench_${randomUUID()}`,
        DB_HOST: host,
        DB_PORT: String(port),
        DB_USERNAME: username,
        DB_PASSWORD: password,
        DB_DATABASE: 'appmax_checkout',
        RUN_MIGRATIONS: 'true',
      });
      child.stdout?.resume();
      return { child, origin };
    });
  const found: Record<'floor' | 'service', Figures> = {
    floor: { milliseconds: [], megabytes: [] },
    service: { milliseconds: [], megabytes: [] },
  };
  try {
    // Not counted: it migrates the database, and the files of both programs are read from the disk.
    for (const start of [startService, startFloor]) await stopProgram((await start()).child);
    for (let round = 0; round < ROUNDS[size]; round += 1) {
      await measure(startFloor, found.floor, IDLE_MILLISECONDS[size]);
      await measure(startService, found.service, IDLE_MILLISECONDS[size]);
    }
    return [
      result('start to the first answer', 'ms', (figures) => figures.milliseconds, found),
      result('idle memory after 100 requests', 'MB', (figures) => figures.megabytes, found),
    ];
  } finally {
    await postgres.stop();
    rmSync(postgres.dataDirectory, { recursive: true, force: true });
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(
  start: () => Promise<Started>,
  into: Figures,
  idleMilliseconds: number,
): Promise<void> {
  const { child, origin, milliseconds } = await start();
  try {
    await sendLoad({ origin, path: PATH, count: REQUESTS, connections: 4, expect: [404] });
    await sleep(idleMilliseconds);
    into.milliseconds.push(milliseconds);
    into.megabytes.push(residentMegabytes(child.pid ?? 0));
  } finally {
    await stopProgram(child);
  }
}

/** Starts a program and waits until it answers a request. */
async function timedStart(start: () => Promise<{ child: ChildProcess; origin: string }>): Promise<Started> {
  const startedAt = performance.now();
  const { child, origin } = await start();
  for (;;) {
    const answer = await fetch(`${origin}${PATH}`).catch(() => undefined);
    if (answer?.status === 404) return { child, origin, milliseconds: performance.now() - startedAt };
    if (child.exitCode !== null) throw new Error('The program has ended before it answered');
    await sleep(POLL_MILLISECONDS);
  }
}

function result(
  name: string,
  unit: string,
  of: (figures: Figures) => readonly number[],
  { floor, service }: Record<'floor' | 'service', Figures>,
): BenchResult {
  return { name, unit, service: median(of(service)), floor: median(of(floor)) };
}
