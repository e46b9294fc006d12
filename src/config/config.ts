import { randomBytes } from 'node:crypto';
import { environmentSchema, type Environment } from './env.schema';

/** Where Appmax is, and who we are to it. Timeouts in seconds. */
export interface AppmaxConfig {
  readonly authUrl: string;
  readonly apiUrl: string;
  readonly adminUrl: string;
  /** `sandbox` when the admin panel's address says so. */
  readonly environment: 'sandbox' | 'production';
  readonly appIdUuid: string | undefined;
  readonly appIdNumeric: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly connectTimeoutSeconds: number;
  readonly tokenTimeoutSeconds: number;
  readonly timeoutSeconds: number;
  readonly cardTimeoutSeconds: number;
  readonly backgroundReads: BackgroundReadsConfig;
  /** How fast calls may leave for one merchant, from this instance. */
  readonly rate: { readonly burst: number; readonly perSecond: number };
}

/** How often Appmax may be asked for orders while no shopper waits; the rest of its limits is the shoppers'. */
export interface BackgroundReadsConfig {
  /** A merchant's reads in a month. */
  readonly perMonth: number;
  /** A merchant's reads in a second, of all instances together. */
  readonly perSecond: number;
  /** Seconds between two reads of the same order. */
  readonly orderIntervalSeconds: number;
}

/** PostgreSQL: one that runs elsewhere, or one that this process starts for itself (`embedded`). */
export interface DatabaseConfig {
  readonly connection: 'postgres' | 'embedded';
  readonly host: string;
  /** For `embedded`, undefined means any free port. */
  readonly port: number | undefined;
  readonly database: string;
  readonly username: string;
  readonly password: string | undefined;
  readonly sslMode: 'disable' | 'require' | 'verify-ca' | 'verify-full';
  readonly schema: string;
  readonly dataDirectory: string;
  readonly maxOpenConnections: number;
  readonly maxIdleConnections: number;
  readonly connectionLifetimeSeconds: number;
  /** How long one query of the service may take; migrations take as long as they need. */
  readonly queryTimeoutSeconds: number;
  readonly runMigrations: boolean;
}

/** The cache: Redis, or this process's memory. */
export interface CacheConfig {
  readonly driver: 'redis' | 'memory';
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
}

/** The whole configuration: frozen, typed, made once at start from the environment. */
export interface Config {
  readonly appName: string;
  readonly environment: 'local' | 'production' | 'test';
  readonly host: string;
  readonly port: number;
  /** The address under which the outside world reaches this service, without a trailing slash. */
  readonly publicUrl: string;
  readonly logLevel: Environment['LOG_LEVEL'];
  /**
   * 32 bytes: merchants' credentials and tokens are sealed by it, and what is kept of requests is hashed with it, so
   * that the database alone tells nothing of them.
   */
  readonly appKey: Buffer;
  /** Other keys, by which this database was or will be sealed: what they sealed is read. */
  readonly previousAppKeys: readonly Buffer[];
  /** Whether credentials are read that nobody has sealed, from the time before there was sealing. */
  readonly acceptsUnsealed: boolean;
  /** In so many seconds a request must have arrived whole. */
  readonly requestTimeoutSeconds: number;
  readonly secretKeys: readonly string[];
  /** Origins whose pages may call the storefront routes; `*` means any. */
  readonly corsOrigins: readonly string[];
  /** Whether cards are taken as shoppers type them (`raw`), or only as tokens that a browser made of them. */
  readonly cardData: 'raw' | 'token';
  readonly rateLimit: boolean;
  /** Whose X-Forwarded-For tells the caller's address: nobody's, anybody's, the last so many proxies', or these addresses'. */
  readonly trustProxy: boolean | number | string;
  /** How long after a payment's answer was lost its order may still change; after that, `pendente` means unpaid. */
  readonly paymentSettleSeconds: number;
  readonly webhookVerification: Environment['WEBHOOK_VERIFICATION'];
  /** What webhooks must come with as `?token=`; undefined lets anybody's come. */
  readonly webhookToken: string | undefined;
  /** Whether this process works on waiting webhooks and visits open orders, beside answering requests. */
  readonly backgroundWork: boolean;
  readonly database: DatabaseConfig;
  readonly cache: CacheConfig;
  readonly appmax: AppmaxConfig;
}

/** The environment doesn't make a configuration. `faults` names every variable that is wrong, one line each. */
export class ConfigurationError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(
      `The environment has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
  }
}

/**
 * Reads the configuration from a set of environment variables.
 *
 * @throws ConfigurationError naming every fault at once, never a value (it may be a secret).
 */
export function parseConfig(variables: Record<string, string | undefined>): Config {
  const parsed = environmentSchema.safeParse(variables);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${faultText(issue.message)}`);
    throw new ConfigurationError([...new Set(faults)]);
  }
  return deepFreeze(toConfig(parsed.data));
}

/** Zod says what it expected of a value that is one of several; the rest of our messages follow the variable's name as they are. */
function faultText(message: string): string {
  return message
    .replace(/^Invalid option: expected one of /, 'must be one of ')
    .replace(/^Invalid input: /, 'is invalid: ');
}

const DEFAULT_IDLE_CONNECTIONS = 5;

function toConfig(env: Environment): Config {
  const environment = env.APPMAX_ADMIN_URL.includes('sandbox') ? 'sandbox' : 'production';
  return {
    appName: env.APP_NAME,
    environment: env.APP_ENV,
    host: env.APP_HOST,
    port: env.APP_PORT,
    publicUrl: env.NGROK_URL ?? env.APP_URL ?? `http://localhost:${env.APP_PORT}`,
    logLevel: env.LOG_LEVEL,
    appKey: env.APP_KEY ?? randomBytes(32),
    previousAppKeys: env.APP_KEY_PREVIOUS,
    acceptsUnsealed: env.UNSEALED_CREDENTIALS === 'accept',
    requestTimeoutSeconds: env.REQUEST_TIMEOUT,
    secretKeys: env.API_SECRET_KEYS,
    corsOrigins: env.CORS_ORIGINS,
    cardData: env.CARD_DATA ?? (environment === 'sandbox' ? 'raw' : 'token'),
    rateLimit: env.RATE_LIMIT,
    trustProxy: env.TRUST_PROXY,
    paymentSettleSeconds: env.PAYMENT_SETTLE_SECONDS,
    webhookVerification: env.WEBHOOK_VERIFICATION,
    webhookToken: env.WEBHOOK_TOKEN,
    backgroundWork: env.BACKGROUND_WORK,
    database: {
      connection: env.DB_CONNECTION,
      host: env.DB_CONNECTION === 'embedded' ? '127.0.0.1' : env.DB_HOST,
      port: env.DB_CONNECTION === 'embedded' ? env.DB_PORT : (env.DB_PORT ?? 5432),
      database: env.DB_DATABASE,
      username: env.DB_USERNAME,
      password: env.DB_PASSWORD,
      sslMode: env.DB_SSLMODE,
      schema: env.DB_SCHEMA,
      dataDirectory: env.DB_DATA_DIR,
      maxOpenConnections: env.DB_MAX_OPEN_CONNS,
      maxIdleConnections: env.DB_MAX_IDLE_CONNS ?? Math.min(DEFAULT_IDLE_CONNECTIONS, env.DB_MAX_OPEN_CONNS),
      connectionLifetimeSeconds: env.DB_CONN_MAX_LIFETIME,
      queryTimeoutSeconds: env.DB_QUERY_TIMEOUT,
      runMigrations: env.RUN_MIGRATIONS ?? env.APP_ENV === 'local',
    },
    cache: {
      driver: env.CACHE_DRIVER,
      host: env.REDIS_HOST,
      port: env.REDIS_PORT,
      username: env.REDIS_USERNAME,
      password: env.REDIS_PASSWORD,
      database: env.REDIS_DB,
    },
    appmax: {
      authUrl: env.APPMAX_AUTH_URL,
      apiUrl: env.APPMAX_API_URL,
      adminUrl: env.APPMAX_ADMIN_URL,
      environment,
      appIdUuid: env.APPMAX_APP_ID_UUID,
      appIdNumeric: env.APPMAX_APP_ID_NUMERIC,
      clientId: env.APPMAX_CLIENT_ID,
      clientSecret: env.APPMAX_CLIENT_SECRET,
      connectTimeoutSeconds: env.APPMAX_CONNECT_TIMEOUT,
      tokenTimeoutSeconds: env.APPMAX_TOKEN_TIMEOUT,
      timeoutSeconds: env.APPMAX_TIMEOUT,
      cardTimeoutSeconds: env.APPMAX_CARD_TIMEOUT,
      backgroundReads: {
        perMonth: env.APPMAX_BACKGROUND_READS,
        perSecond: env.APPMAX_BACKGROUND_PER_SECOND,
        orderIntervalSeconds: env.APPMAX_ORDER_READ_INTERVAL,
      },
      rate: { burst: env.APPMAX_RATE_BURST, perSecond: env.APPMAX_RATE_PER_SECOND },
    },
  };
}

function deepFreeze<T extends object>(value: T): T {
  for (const entry of Object.values(value)) {
    // A buffer's bytes can't be frozen.
    if (typeof entry === 'object' && entry !== null && !Buffer.isBuffer(entry)) deepFreeze(entry as object);
  }
  return Object.freeze(value);
}
