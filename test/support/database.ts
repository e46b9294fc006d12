import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { PostgresConnection } from './servers';

/** The migrated database from which each test file's database is copied. */
export const TEMPLATE_DATABASE = 'appmax_checkout';

/** A test file's own database, with a connection that does not go through the service. */
export interface TestDatabase {
  /** The service's variables for this database. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs SQL on the test's own connection. */
  query<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** Creates a database, migrated or empty. */
export async function createDatabase({
  migrated = true,
}: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const postgres = JSON.parse(process.env['TEST_POSTGRES'] ?? '') as PostgresConnection;
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdministrator(
    postgres,
    `CREATE DATABASE ${name} TEMPLATE ${migrated ? TEMPLATE_DATABASE : 'template0'}`,
  );
  const client = clientOf(postgres, name);
  await client.connect();
  return {
    environment: {
      DB_CONNECTION: 'postgres',
      DB_HOST: postgres.host,
      DB_PORT: String(postgres.port),
      DB_DATABASE: name,
      DB_USERNAME: postgres.username,
      DB_PASSWORD: postgres.password,
    },
    query: async <Row extends object>(sql: string, values: unknown[] = []) =>
      (await client.query<Row>(sql, values)).rows,
    drop: async () => {
      await client.end();
      await asAdministrator(postgres, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function asAdministrator(postgres: PostgresConnection, sql: string): Promise<void> {
  const client = clientOf(postgres, 'postgres');
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function clientOf({ host, port, username, password }: PostgresConnection, database: string): Client {
  return new Client({ host, port, user: username, password, database });
}
