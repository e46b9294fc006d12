import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { parseConfig } from '../../src/config/config';
import { dataSourceOptions } from '../../src/database/data-source-options';
import { type RunningPostgres, startEmbeddedPostgres } from '../../src/embedded-postgres/embedded-postgres';
import type { TestDatabase } from './database';
import { eventually } from './eventually';

const USER = { username: 'appmax', database: 'appmax_checkout' };
const SETTINGS = { fsync: 'off', max_connections: '100' };

/** A primary whose commits wait for its standby, with a migrated database. */
export interface PostgresPair {
  /** The service's variables, with both servers in DB_HOST, the standby first, and SQL on whichever is the primary. */
  readonly database: TestDatabase;
  /** Kills the primary as a crash does: no connection is closed in order, no commit is finished. */
  crashPrimary(): void;
  promoteStandby(): Promise<void>;
  /** Starts the old primary again. It takes commits and does not know of the promotion. */
  restartOldPrimary(): Promise<RunningPostgres>;
}

/** Starts both servers. The standby's data are a copy of the primary's, which is what a base backup is. */
export async function startPostgresPair(): Promise<PostgresPair> {
  const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-pair-'));
  // The server's own user must reach it.
  chmodSync(directory, 0o755);
  const [first, second] = [join(directory, 'first'), join(directory, 'second')];
  const template = await startEmbeddedPostgres({ dataDirectory: first, ...USER, settings: SETTINGS });
  await migrate(template);
  await template.stop();
  copyWithOwners(template.dataDirectory, second);
  let old = await startEmbeddedPostgres({
    dataDirectory: template.dataDirectory,
    ...USER,
    settings: { ...SETTINGS, synchronous_standby_names: '*' },
  });
  const settings = join(second, 'cluster', 'postgresql.auto.conf');
  appendFileSync(
    settings,
    `primary_conninfo = 'host=127.0.0.1 port=${old.port} user=${old.username} password=${old.password}'\n`,
  );
  writeFileSync(join(second, 'cluster', 'standby.signal'), '');
  const standby = await startEmbeddedPostgres({ dataDirectory: second, ...USER, settings: SETTINGS });
  let primary = old;
  await eventually(async () => {
    const sql = "SELECT application_name FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')";
    expect(await queryOn(old, sql)).toHaveLength(1);
  }, 20);
  return {
    database: {
      environment: {
        DB_CONNECTION: 'postgres',
        DB_HOST: `127.0.0.1:${standby.port},127.0.0.1:${old.port}`,
        DB_DATABASE: USER.database,
        DB_USERNAME: USER.username,
        DB_PASSWORD: old.password,
      },
      query: (sql, values) => queryOn(primary, sql, values),
      drop: async () => {
        await standby.stop();
        await old.stop();
        rmSync(directory, { recursive: true, force: true });
      },
    },
    crashPrimary: () => {
      const file = join(old.dataDirectory, 'cluster', 'postmaster.pid');
      process.kill(Number(readFileSync(file, 'utf8').split('\n', 1)[0]), 'SIGKILL');
    },
    promoteStandby: async () => {
      await queryOn(standby, 'SELECT pg_promote(true, 30)');
      primary = standby;
    },
    restartOldPrimary: async () => {
      // It has let go of its directory as soon as all its processes have ended.
      await old.stop();
      for (let attempt = 0; ; attempt += 1) {
        try {
          const { dataDirectory, port } = old;
          old = await startEmbeddedPostgres({ dataDirectory, port, ...USER, settings: SETTINGS });
          return old;
        } catch (error) {
          if (attempt === 20) throw error;
          await sleep(250);
        }
      }
    },
  };
}

async function migrate({ host, port, username, password }: RunningPostgres): Promise<void> {
  const { database } = parseConfig({
    DB_HOST: host,
    DB_PORT: String(port),
    DB_USERNAME: username,
    DB_PASSWORD: password,
    DB_DATABASE: USER.database,
  });
  const dataSource = await new DataSource(dataSourceOptions(database)).initialize();
  await dataSource.runMigrations();
  await dataSource.destroy();
}

async function queryOn<Row extends object>(
  { host, port, username, password }: RunningPostgres,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new Client({ host, port, user: username, password, database: USER.database });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** Copies a data directory; as root, the files keep the user of the server. */
function copyWithOwners(from: string, to: string): void {
  if (process.getuid?.() === 0) execFileSync('cp', ['-a', from, to]);
  else cpSync(from, to, { recursive: true });
}
