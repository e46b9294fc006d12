import { join } from 'node:path';
import { type Client, type ClientConfig, defaults, types } from 'pg';
import type { DataSource, DataSourceOptions } from 'typeorm';
import type { DatabaseConfig } from '../config';
import { PooledClient } from './pool/pooled-client';
import { Primary } from './pool/primary';

/**
 * The mode of a pooler such as PgBouncer: a client has a `session` of its own, or a session for each `transaction`; `none`
 * if there is no pooler.
 */
export type Pooling = 'none' | 'session' | 'transaction';

/** The kind of connection between the service and PostgreSQL. */
export interface Connectivity {
  readonly pooling: Pooling;
  /** False if the pooler refuses connections that ask for settings, as PgBouncer does by default. */
  readonly acceptsSettings: boolean;
}

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

const DIRECT: Connectivity = { pooling: 'none', acceptsSettings: true };

/**
 * Builds TypeORM's options for the service's pool. Only migrations change the schema (no `synchronize`).
 *
 * @param connectivity a direct connection by default.
 */
export function dataSourceOptions(config: DatabaseConfig, connectivity = DIRECT): DataSourceOptions {
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
      query_timeout: config.queryTimeoutSeconds * 1_000 + ANSWER_GRACE_MILLISECONDS,
      Client: PooledClient,
      primary: primaryOf(config),
      application_name: 'appmax-checkout',
      types: columnTypes,
      ...sessionSettings(config, connectivity),
      pooling: connectivity.pooling,
    },
  };
}

/** Returns the mode of the pooler that a data source of {@link dataSourceOptions} connects to. */
export function poolingOf({ options }: Pick<DataSource, 'options'>): Pooling {
  return (options.extra as { pooling?: Pooling } | undefined)?.pooling ?? 'none';
}

/** Builds the options of a single connection, outside of the pool. */
export function clientConfig(
  config: DatabaseConfig,
  connectivity = DIRECT,
): ClientConfig & { readonly primary: Primary | undefined } {
  return { ...plainConfig(config), primary: primaryOf(config), ...sessionSettings(config, connectivity) };
}

function plainConfig(config: DatabaseConfig): ClientConfig {
  return {
    host: config.host,
    port: config.port ?? 5432,
    user: config.username,
    password: config.password,
    database: config.database,
    ssl: sslOptions(config.sslMode),
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MILLISECONDS,
    connectionTimeoutMillis: 3_000,
    query_timeout: 5_000,
    application_name: 'appmax-checkout',
  };
}

/** The search for the primary of each configuration with several servers: all its connections share what it knows. */
const primaries = new WeakMap<DatabaseConfig, Primary>();

function primaryOf(config: DatabaseConfig): Primary | undefined {
  const { host, port = 5432, others } = config;
  if (others.length === 0) return undefined;
  const primary = primaries.get(config) ?? new Primary([{ host, port }, ...others], plainConfig(config));
  primaries.set(config, primary);
  return primary;
}

/** Returns the configuration with the server's own address instead of a pooler's, if it is set. */
export function directly(config: DatabaseConfig): DatabaseConfig {
  return config.direct === undefined ? config : { ...config, ...config.direct, others: [] };
}

/**
 * Sets the schema and the query timeout of sessions: as a connection is opened or, if a pooler refuses or ignores that,
 * by a statement. In transaction mode a statement would change other clients' sessions, so that there the settings of
 * the role count. The time zone is set by the client itself, which poolers know.
 */
function sessionSettings(config: DatabaseConfig, { pooling, acceptsSettings }: Connectivity): object {
  const milliseconds = config.queryTimeoutSeconds * 1_000;
  return {
    ...(acceptsSettings
      ? { statement_timeout: milliseconds, options: `-c search_path=${config.schema}` }
      : {}),
    ...(pooling === 'session'
      ? {
          onConnect: (client: Client) =>
            client.query(`SET search_path = ${config.schema}; SET statement_timeout = ${milliseconds}`),
        }
      : {}),
  };
}

/** Removes the query timeouts, for migrations: rewriting a large table may take long. */
export function withoutQueryTimeout(options: DataSourceOptions): DataSourceOptions {
  const extra = options.extra as object;
  const { onConnect } = extra as { onConnect?: (client: Client) => Promise<unknown> };
  const settings =
    onConnect === undefined
      ? {}
      : {
          onConnect: async (client: Client) => {
            await onConnect(client);
            await client.query('SET statement_timeout = 0');
          },
        };
  return { ...options, extra: { ...extra, statement_timeout: 0, query_timeout: 0, ...settings } };
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
