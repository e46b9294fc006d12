import { randomBytes } from 'node:crypto';
import { type Environment, environmentSchema } from './env.schema';
import { APPMAX_URLS } from './env-values';
import { foreignFaults } from './go-example';
import { type RetentionConfig, retentionOf } from './retention-config';
import { type TracingConfig, tracingOf } from './tracing-config';

/** Appmax's addresses, the app's credentials, and the limits of calls to Appmax. */
export interface AppmaxConfig {
  readonly authUrl: string;
  readonly apiUrl: string;
  readonly adminUrl: string;
  /** `sandbox` if the address of the admin panel contains `sandbox`. */
  readonly environment: 'sandbox' | 'production';
  /** Appmax's browser script, which makes a token from a card. */
  readonly scriptUrl: string;
  readonly appIdUuid: string | undefined;
  readonly appIdNumeric: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** The hosts of the shops' checkouts, which installations announce to Appmax: wallets work only on these. */
  readonly domainNames: readonly string[];
  readonly connectTimeoutSeconds: number;
  readonly tokenTimeoutSeconds: number;
  readonly timeoutSeconds: number;
  readonly cardTimeoutSeconds: number;
  readonly backgroundReads: BackgroundReadsConfig;
  readonly storefrontCalls: StorefrontCallsConfig;
  /** Limit of the calls for one merchant, of all instances that share a Redis: `burst` at once, then `perSecond`. */
  readonly rate: { readonly burst: number; readonly perSecond: number };
}

/** Limits of reads that no shopper waits for. What they leave of the quota of Appmax is for requests of shoppers. */
export interface BackgroundReadsConfig {
  /** Reads of one merchant's orders in a month. */
  readonly perMonth: number;
  /** Reads of one merchant's orders in a second, of all instances together. */
  readonly perSecond: number;
  /** Seconds between two reads of the same order. */
  readonly orderIntervalSeconds: number;
}

/** Limits of the calls to Appmax that callers without a secret key can cause, except payments of existing orders. */
export interface StorefrontCallsConfig {
  /** Calls for one merchant in a day. */
  readonly perDay: number;
  /** The percentage of what is left of the day's calls that one address may use. */
  readonly addressPercent: number;
}

/** PostgreSQL: a server that runs elsewhere (`postgres`), or one that this process starts itself (`embedded`). */
export interface DatabaseConfig {
  readonly connection: 'postgres' | 'embedded';
  readonly host: string;
  /** For `embedded`, undefined means any free port. */
  readonly port: number | undefined;
  /** Further servers, of which one may be the primary instead; empty if `host` always leads to the primary. */
  readonly others: readonly { readonly host: string; readonly port: number }[];
  /** The server's own address, if `host` and `port` are those of a pooler. LISTEN and migrations use it. */
  readonly direct: { readonly host: string; readonly port: number } | undefined;
  readonly database: string;
  readonly username: string;
  readonly password: string | undefined;
  readonly sslMode: 'disable' | 'require' | 'verify-ca' | 'verify-full';
  readonly schema: string;
  readonly dataDirectory: string;
  readonly maxOpenConnections: number;
  readonly maxIdleConnections: number;
  readonly connectionLifetimeSeconds: number;
  /** Timeout of one query. Migrations have no timeout. */
  readonly queryTimeoutSeconds: number;
  readonly runMigrations: boolean;
}

/** The cache: Redis, or the memory of this process. */
export interface CacheConfig {
  readonly driver: 'redis' | 'memory';
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  /** Undefined: no TLS. `ca` replaces the authorities that Node trusts (PEM). */
  readonly tls: { readonly ca: string | undefined } | undefined;
  /** Undefined: `host` and `port` are those of Redis itself. */
  readonly sentinel: SentinelConfig | undefined;
}

/** The Sentinels, and the name by which they know the master. */
export interface SentinelConfig {
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  readonly master: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** Notifications to the backends of shops. */
export interface NotificationsConfig {
  /** The endpoint for all shops that the variables set. */
  readonly endpoint: { readonly url: string; readonly secret: string } | undefined;
  /** True if they may be sent to private addresses, and by http. */
  readonly allowsPrivate: boolean;
}

/** The whole configuration: typed, frozen, read once from the environment at start. */
export interface Config {
  readonly appName: string;
  readonly environment: 'local' | 'production' | 'test';
  readonly host: string;
  readonly port: number;
  /** The public address of this service, without a trailing slash. */
  readonly publicUrl: string;
  readonly logLevel: Environment['LOG_LEVEL'];
  /**
   * Key of 32 bytes. It encrypts ("seals") merchants' credentials and tokens, and it is the key of the digests that are
   * stored of requests. Without it the database reveals neither.
   */
  readonly appKey: Buffer;
  /** Other keys that decrypt what is stored: earlier ones, or the next one during a rotation. */
  readonly previousAppKeys: readonly Buffer[];
  /** True if credentials that are stored in plain text (written before encryption existed) are accepted. */
  readonly acceptsUnsealed: boolean;
  /** Seconds within which the whole request must have arrived. */
  readonly requestTimeoutSeconds: number;
  readonly secretKeys: readonly string[];
  /** Origins whose pages may call the storefront routes; `*` means any. */
  readonly corsOrigins: readonly string[];
  /**
   * `ids`: an order's id is enough to read its status and to pay it. `tokens`: its token is necessary. `sessions`: only
   * holders of a secret key create orders.
   */
  readonly storefrontOrders: Environment['STOREFRONT_ORDERS'];
  /** `raw`: card numbers are accepted. `token`: only tokens that the browser made from a card are accepted. */
  readonly cardData: 'raw' | 'token';
  readonly rateLimit: boolean;
  /**
   * The proxies whose X-Forwarded-For is trusted: none (`false`), any (`true`), the last n, or those with the given
   * addresses.
   */
  readonly trustProxy: boolean | number | string;
  /**
   * Seconds, after the time limit of a call whose answer was lost, in which its order may still change at Appmax. After
   * that, an order that is still `pendente` counts as unpaid.
   */
  readonly paymentSettleSeconds: number;
  readonly webhookVerification: Environment['WEBHOOK_VERIFICATION'];
  /** The value that webhooks must have as `?token=`. Undefined: webhooks need no token. */
  readonly webhookToken: string | undefined;
  /** The bytes of webhooks that this instance stores in a minute. */
  readonly webhookBytesPerMinute: number;
  /** True if this process also does background work: it processes waiting webhooks and syncs open orders. */
  readonly backgroundWork: boolean;
  readonly retention: RetentionConfig;
  /** Undefined: no traces. */
  readonly tracing: TracingConfig | undefined;
  readonly notifications: NotificationsConfig;
  readonly database: DatabaseConfig;
  readonly cache: CacheConfig;
  readonly appmax: AppmaxConfig;
}

/** Thrown when the environment is not valid. `faults` has one line for every variable that is wrong. */
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
 * @throws ConfigurationError with every fault at once, and never a value, which may be a secret.
 */
export function parseConfig(variables: Record<string, string | undefined>): Config {
  const parsed = environmentSchema.safeParse(variables);
  const issues = parsed.error?.issues ?? [];
  const faults = [
    ...issues.map((issue) => `${issue.path.join('.')} ${faultText(issue.message)}`),
    ...foreignFaults(variables),
  ];
  if (!parsed.success || faults.length > 0) throw new ConfigurationError([...new Set(faults)]);
  return deepFreeze(toConfig(parsed.data));
}

/** Rewrites Zod's own messages so that they read well after the name of the variable. */
function faultText(message: string): string {
  return message
    .replace(/^Invalid option: expected one of /, 'must be one of ')
    .replace(/^Invalid input: /, 'is invalid: ');
}

/** Appmax's browser script for each environment. The script of the other environment does not know the merchant. */
const SCRIPT_URLS: Readonly<Record<AppmaxConfig['environment'], string>> = {
  production: 'https://scripts.appmax.com.br/appmax.min.js',
  sandbox: 'https://scripts.sandboxappmax.com.br/appmax.min.js',
};

const DEFAULT_IDLE_CONNECTIONS = 5;

function toConfig(env: Environment): Config {
  const defaults = APPMAX_URLS[env.APP_ENV === 'production' ? 'production' : 'sandbox'];
  const adminUrl = env.APPMAX_ADMIN_URL ?? defaults.admin;
  const environment = adminUrl.includes('sandbox') ? 'sandbox' : 'production';
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
    storefrontOrders: env.STOREFRONT_ORDERS,
    cardData: env.CARD_DATA ?? (environment === 'sandbox' ? 'raw' : 'token'),
    rateLimit: env.RATE_LIMIT,
    trustProxy: env.TRUST_PROXY,
    paymentSettleSeconds: env.PAYMENT_SETTLE_SECONDS,
    webhookVerification: env.WEBHOOK_VERIFICATION,
    webhookToken: env.WEBHOOK_TOKEN,
    webhookBytesPerMinute: env.WEBHOOK_BYTES_PER_MINUTE,
    backgroundWork: env.BACKGROUND_WORK,
    retention: retentionOf(env),
    tracing: tracingOf(env),
    notifications: {
      endpoint:
        env.NOTIFY_URL === undefined || env.NOTIFY_SECRET === undefined
          ? undefined
          : { url: env.NOTIFY_URL, secret: env.NOTIFY_SECRET },
      allowsPrivate: env.NOTIFY_ALLOW_PRIVATE,
    },
    database: {
      connection: env.DB_CONNECTION,
      ...serverAddresses(env),
      direct: directAddress(env),
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
      tls: env.REDIS_TLS ? { ca: env.REDIS_TLS_CA } : undefined,
      sentinel:
        env.REDIS_SENTINELS.length === 0
          ? undefined
          : {
              addresses: env.REDIS_SENTINELS.map(({ host, port }) => ({ host, port: port ?? 26_379 })),
              master: env.REDIS_SENTINEL_MASTER,
              username: env.REDIS_SENTINEL_USERNAME,
              password: env.REDIS_SENTINEL_PASSWORD,
            },
    },
    appmax: {
      authUrl: env.APPMAX_AUTH_URL ?? defaults.auth,
      apiUrl: env.APPMAX_API_URL ?? defaults.api,
      adminUrl,
      environment,
      scriptUrl: env.APPMAX_SCRIPT_URL ?? SCRIPT_URLS[environment],
      appIdUuid: env.APPMAX_APP_ID_UUID,
      appIdNumeric: env.APPMAX_APP_ID_NUMERIC,
      clientId: env.APPMAX_CLIENT_ID,
      clientSecret: env.APPMAX_CLIENT_SECRET,
      domainNames: env.APPMAX_DOMAIN_NAMES,
      connectTimeoutSeconds: env.APPMAX_CONNECT_TIMEOUT,
      tokenTimeoutSeconds: env.APPMAX_TOKEN_TIMEOUT,
      timeoutSeconds: env.APPMAX_TIMEOUT,
      cardTimeoutSeconds: env.APPMAX_CARD_TIMEOUT,
      backgroundReads: {
        perMonth: env.APPMAX_BACKGROUND_READS,
        perSecond: env.APPMAX_BACKGROUND_PER_SECOND,
        orderIntervalSeconds: env.APPMAX_ORDER_READ_INTERVAL,
      },
      storefrontCalls: {
        perDay: env.APPMAX_STOREFRONT_CALLS,
        addressPercent: env.APPMAX_STOREFRONT_ADDRESS_PERCENT,
      },
      rate: { burst: env.APPMAX_RATE_BURST, perSecond: env.APPMAX_RATE_PER_SECOND },
    },
  };
}

/** Returns the addresses in DB_HOST; one without a port has that of DB_PORT. */
function serverAddresses(env: Environment): Pick<DatabaseConfig, 'host' | 'port' | 'others'> {
  if (env.DB_CONNECTION === 'embedded') return { host: '127.0.0.1', port: env.DB_PORT, others: [] };
  const [first, ...others] = env.DB_HOST.map(({ host, port }) => ({
    host,
    port: port ?? env.DB_PORT ?? 5432,
  }));
  return { ...(first ?? { host: 'localhost', port: 5432 }), others };
}

/** Returns the address of the server behind a pooler; the part that is not set is that of the pooler. */
function directAddress(env: Environment): DatabaseConfig['direct'] {
  const { DB_LISTEN_HOST: host, DB_LISTEN_PORT: port } = env;
  if (env.DB_CONNECTION === 'embedded' || (host === undefined && port === undefined)) return undefined;
  return { host: host ?? serverAddresses(env).host, port: port ?? env.DB_PORT ?? 5432 };
}

function deepFreeze<T extends object>(value: T): T {
  for (const entry of Object.values(value)) {
    // The bytes of a buffer can't be frozen.
    if (typeof entry === 'object' && entry !== null && !Buffer.isBuffer(entry)) deepFreeze(entry as object);
  }
  return Object.freeze(value);
}
