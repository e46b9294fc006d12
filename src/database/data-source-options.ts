import { join } from 'node:path';
import { defaults, types } from 'pg';
import type { DataSourceOptions } from 'typeorm';
import type { DatabaseConfig } from '../config';
import { PooledClient } from './pooled-client';

type ColumnType = Parameters<typeof types.getTypeParser>[0];

/** `TIMESTAMP` columns hold UTC instants, whatever TZ this process has: Dates go out as UTC … */
defaults.parseInputDatesAsUTC = true;

/** … and come back as UTC; BIGINT ids are numbers (they count rows, and 2^53 rows fit in no database). */
const columnTypes = {
  getTypeParser(oid: ColumnType, format?: 'text' | 'binary'): unknown {
    if (oid === types.builtins.TIMESTAMP) return (value: string) => new Date(`${value.replace(' ', 'T')}Z`);
    if (oid === types.builtins.INT8) return Number;
    return types.getTypeParser(oid, format);
  },
};

/** How long a connection is idle before TCP asks whether its other end is still there. */
const KEEP_ALIVE_DELAY_MILLISECONDS = 10_000;

/** Waits this much longer than PostgreSQL may take: a server that is there ends the query itself, and the connection is kept. */
const ANSWER_GRACE_MILLISECONDS = 1_000;

/** Makes TypeORM's options for the service's pool. Never synchronises: migrations make the schema. */
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
      // NOW() and the defaults of the TIMESTAMP columns must be UTC whatever the server's own time zone is.
      options: `-c timezone=UTC -c search_path=${config.schema}`,
      types: columnTypes,
    },
  };
}

/** Lifts the limits on how long a query takes, for migrations: rewriting a large table takes as long as it needs. */
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
