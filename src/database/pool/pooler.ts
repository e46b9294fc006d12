import type { Logger } from '@nestjs/common';
import type { Client } from 'pg';
import type { DatabaseConfig } from '../../config';
import { clientConfig, type Connectivity, type Pooling } from '../data-source-options';
import { PooledClient } from './pooled-client';

const ROUNDS = 4;

/** Thrown when the sessions of a pooler don't have the settings that the service relies on. */
export class SessionSettingsError extends Error {}

/**
 * Finds out if a pooler is in between, and which one: a pooler gives its own process id, and in transaction mode two
 * connections meet the same server process, or one connection meets several.
 */
export async function inspectConnection(config: DatabaseConfig): Promise<Connectivity> {
  if (config.connection === 'embedded') return { pooling: 'none', acceptsSettings: true };
  const { client: first, acceptsSettings } = await openFirst(config);
  try {
    if ((await processIdOf(first)) === (first as unknown as { processID: number }).processID)
      return { pooling: 'none', acceptsSettings };
    const second = await open(config, acceptsSettings);
    try {
      const ofFirst = new Set<number>();
      for (let round = 0; round < ROUNDS; round += 1) {
        const met = await processIdOf(first);
        if (met === (await processIdOf(second)) || ofFirst.add(met).size > 1)
          return { pooling: 'transaction', acceptsSettings };
      }
      return { pooling: 'session', acceptsSettings };
    } finally {
      await second.end();
    }
  } finally {
    await first.end();
  }
}

/**
 * Checks the settings that the service relies on, and logs what it has found.
 *
 * @param query runs a statement on a connection of the pool.
 * @throws SessionSettingsError if the time zone or the schema is not the right one.
 */
export async function checkSession(
  config: DatabaseConfig,
  pooling: Pooling,
  { query, logger }: { query: (sql: string) => Promise<unknown>; logger: Logger },
): Promise<void> {
  const [found] = (await query(
    `SELECT current_setting('server_version') AS version, current_schema() AS schema,
       now()::timestamp = now() AT TIME ZONE 'UTC' AS is_utc, current_setting('statement_timeout') <> '0' AS has_timeout`,
  )) as { version: string; schema: string | null; is_utc: boolean; has_timeout: boolean }[];
  if (found === undefined) return;
  logger.log(`PostgreSQL ${found.version}, ${DESCRIPTIONS[pooling]}`);
  const alter = `ALTER ROLE "${config.username}" IN DATABASE "${config.database}" SET`;
  if (!found.is_utc)
    throw new SessionSettingsError(
      `The time zone of the database's sessions is not UTC. Run: ${alter} timezone = 'UTC'`,
    );
  // If the schema does not exist, the check of the migrations reports it.
  if (found.schema !== null && found.schema !== config.schema)
    throw new SessionSettingsError(
      `The schema of the database's sessions is not DB_SCHEMA. Run: ${alter} search_path = ${config.schema}`,
    );
  if (pooling !== 'transaction') return;
  if (!found.has_timeout)
    logger.warn(
      `PostgreSQL does not end queries after DB_QUERY_TIMEOUT. Run: ${alter} statement_timeout = '${config.queryTimeoutSeconds}s'`,
    );
  if (config.direct === undefined)
    logger.warn(
      'Through this pooler, status streams get changes by a poll, and merchants are read for each request: ' +
        'set DB_LISTEN_HOST and DB_LISTEN_PORT to the own address of PostgreSQL',
    );
}

const DESCRIPTIONS: Readonly<Record<Pooling, string>> = {
  none: 'connected directly',
  session: 'connected through a pooler in session mode',
  transaction: 'connected through a pooler in transaction mode',
};

async function openFirst(config: DatabaseConfig): Promise<{ client: Client; acceptsSettings: boolean }> {
  try {
    return { client: await open(config, true), acceptsSettings: true };
  } catch (error) {
    // PgBouncer: "unsupported startup parameter: statement_timeout", or "... in options: search_path".
    if (!/unsupported startup parameter/i.test((error as Error).message)) throw error;
    return { client: await open(config, false), acceptsSettings: false };
  }
}

async function open(config: DatabaseConfig, acceptsSettings: boolean): Promise<Client> {
  const client: Client = new PooledClient(clientConfig(config, { pooling: 'none', acceptsSettings }));
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return client;
}

async function processIdOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ id: number }>('SELECT pg_backend_pid() AS id');
  return rows[0]?.id ?? 0;
}
