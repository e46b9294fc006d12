import { join } from 'node:path';
import { defaults, types } from 'pg';
import type { DataSourceOptions } from 'typeorm';
import type { DatabaseConfig } from '../config';
import { PooledClient } from './pooled-client';

type ColumnType = Parameters<typeof types.getTypeParser>[0];

/** `TIMESTAMP` columns hold UTC times, for any TZ of this process: Dates are written as UTC. */
defaults.parseInputDatesAsUTC = true;

/** Reads `TIMESTAMP` columns as UTC, and BIGINT columns as numbers: they are row ids, far below 2^53. */
const columnTypes = {
  getTypeParser(oid: ColumnType, format?: 'text' | 'binary'): unknown {
    if (oid === types.builtins.TIMESTAMP) return (value: string) => new Date(`${value.replace(' ', 'T')}Z`);
    if (oid === types.builtins.INT8) return Number;
    return types.getTypeParser(oid, format);
  },
};

/** The idle time of a connection before the first TCP keep-alive probe. */
const KEEP_ALIVE_DELAY_MILLISECONDS = 10_000;

/** The time that pg waits beyond PostgreSQL's own timeout: a live server ends the query and keeps the connection. */
const ANSWER_GRACE_MILLISECONDS = 1_000;

/** Builds TypeORM's options for the service's pool. Only migrations change the schema (no `synchronize`). */
export function dataSourceOptions(config: DatabaseConfig): DataSourceOptions {
  const queryTimeoutMilliseconds = config.queryTimeoutSeconds * 1_000;
  return {
    type: 'postgres',
    host: config.host,
    port: config.port ?? 5432,
    username: config.username,
    ...(config.password === undefined ? {} : { password: config.password }),
    database: config.database,
    schema: config.schema,
    ssl: sslOptions(config.sslMode),
    entities: [join(__dirname, '..', '**', '*.entity.{ts,js}')],
    migrations: [join(__dirname, '..', '..', 'migrations', '*.{ts,js}')],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    extra: {
      max: config.maxOpenConnections,
      min: config.maxIdleConnections,
      maxLifetimeSeconds: config.connectionLifetimeSeconds,
      idleTimeoutMillis: 60_000,
      connectionTimeoutMillis: 3_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MILLISECONDS,
      statement_timeout: queryTimeoutMilliseconds,
      query_timeout: queryTimeoutMilliseconds + ANSWER_GRACE_MILLISECONDS,
      Client: PooledClient,
      application_name: 'appmax-checkout',
      // NOW() and the defaults of the TIMESTAMP columns must be UTC, for any time zone of the server.
      options: `-c timezone=UTC -c search_path=${config.schema}`,
      types: columnTypes,
    },
  };
}

/** Removes the query timeouts, for migrations: rewriting a large table may take long. */
export function withoutQueryTimeout(options: DataSourceOptions): DataSourceOptions {
  const extra = options.extra as object;
  return { ...options, extra: { ...extra, statement_timeout: 0, query_timeout: 0 } };
}

function sslOptions(
  mode: DatabaseConfig['sslMode'],
): false | { rejectUnauthorized: boolean; checkServerIdentity?: () => undefined } {
  switch (mode) {
    case 'disable':
      return false;
    case 'require':
      return { rejectUnauthorized: false };
    case 'verify-ca':
      return { rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case 'verify-full':
      return { rejectUnauthorized: true };
  }
}
