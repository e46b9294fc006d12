import { z } from 'zod';
import { appKey } from './app-key';
import {
  appKeys,
  blankIsUnset,
  certificates,
  commaList,
  domainNames,
  flag,
  oneOf,
  optionalPort,
  origins,
  text,
  textOr,
  trustProxy,
  url,
  wholeNumber,
} from './env-fields';
import {
  hostList,
  isProductionOf,
  otlpHeaders,
  sampledShare,
  signingSecret,
  webAddress,
  withScheme,
} from './env-values';
import { RETENTION_VARIABLES } from './retention-variables';

/**
 * Every variable that the service reads, with its default. Names and defaults of the database and cache variables are
 * given from outside: other programs use the same ones.
 */
export const environmentSchema = z
  .object({
    APP_NAME: textOr('Appmax Checkout'),
    APP_ENV: oneOf(['local', 'production', 'test'], 'local'),
    APP_HOST: textOr('0.0.0.0'),
    APP_PORT: wholeNumber(8080, 0, 65_535),
    APP_URL: url(),
    NGROK_URL: url(withScheme),
    LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info'),
    APP_KEY: z.preprocess(blankIsUnset, appKey.optional()),
    APP_KEY_PREVIOUS: appKeys,
    UNSEALED_CREDENTIALS: oneOf(['accept', 'refuse'], 'accept'),
    REQUEST_TIMEOUT: wholeNumber(20, 1, 600),
    API_SECRET_KEYS: commaList,
    CORS_ORIGINS: origins,
    STOREFRONT_ORDERS: oneOf(['ids', 'tokens', 'sessions'], 'ids'),
    CARD_DATA: z.preprocess(blankIsUnset, z.enum(['raw', 'token']).optional()),
    RATE_LIMIT: flag(true),
    TRUST_PROXY: trustProxy,
    WEBHOOK_VERIFICATION: oneOf(['appmax', 'none'], 'appmax'),
    WEBHOOK_TOKEN: z.preprocess(
      blankIsUnset,
      z.string().trim().min(16, 'must be at least 16 characters').optional(),
    ),
    WEBHOOK_BYTES_PER_MINUTE: wholeNumber(8 * 1024 * 1024, 256 * 1024, 10_000_000_000),
    BACKGROUND_WORK: flag(true),

    ...RETENTION_VARIABLES,
    OTEL_EXPORTER_OTLP_ENDPOINT: url(),
    OTEL_EXPORTER_OTLP_HEADERS: commaList.pipe(otlpHeaders),
    OTEL_SERVICE_NAME: textOr('appmax-checkout'),
    OTEL_TRACES_SAMPLER_ARG: sampledShare,

    NOTIFY_URL: z.preprocess(blankIsUnset, webAddress.optional()),
    NOTIFY_SECRET: z.preprocess(blankIsUnset, signingSecret.optional()),
    NOTIFY_ALLOW_PRIVATE: flag(false),

    DB_CONNECTION: oneOf(['postgres', 'embedded'], 'postgres'),
    DB_HOST: z.preprocess(blankIsUnset, z.string().default('localhost')).transform(hostList),
    DB_PORT: optionalPort,
    DB_LISTEN_HOST: text,
    DB_LISTEN_PORT: optionalPort,
    DB_DATABASE: textOr('appmax_checkout'),
    DB_USERNAME: textOr('appmax'),
    DB_PASSWORD: text,
    DB_SSLMODE: oneOf(['disable', 'require', 'verify-ca', 'verify-full'], 'disable'),
    DB_SCHEMA: z.preprocess(
      blankIsUnset,
      z
        .string()
        .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'must be a lower-case PostgreSQL name')
        .default('public'),
    ),
    DB_TIMEZONE: z.preprocess(
      blankIsUnset,
      z
        .string()
        .refine(
          (zone) => zone.toUpperCase() === 'UTC',
          'must be UTC: the TIMESTAMP columns hold UTC instants',
        )
        .default('UTC'),
    ),
    DB_DATA_DIR: textOr('data/postgres'),
    // At least 2: while one connection migrates, another one holds the lock.
    DB_MAX_OPEN_CONNS: wholeNumber(25, 2, 10_000),
    DB_MAX_IDLE_CONNS: z.preprocess(blankIsUnset, wholeNumber(0, 0, 10_000).optional()),
    DB_CONN_MAX_LIFETIME: wholeNumber(300, 1, 86_400),
    DB_QUERY_TIMEOUT: wholeNumber(15, 1, 3_600),
    RUN_MIGRATIONS: z.preprocess(blankIsUnset, flag(false).optional()),

    CACHE_DRIVER: oneOf(['redis', 'memory'], 'redis'),
    REDIS_HOST: textOr('localhost'),
    REDIS_PORT: wholeNumber(6379, 1, 65_535),
    REDIS_SENTINELS: z.preprocess(blankIsUnset, z.string().default('')).transform(hostList),
    REDIS_SENTINEL_MASTER: textOr('mymaster'),
    REDIS_SENTINEL_USERNAME: text,
    REDIS_SENTINEL_PASSWORD: text,
    REDIS_USERNAME: text,
    REDIS_PASSWORD: text,
    REDIS_DB: wholeNumber(0, 0, 1_000),
    REDIS_TLS: flag(false),
    REDIS_TLS_CA: certificates,

    APPMAX_AUTH_URL: url(),
    APPMAX_API_URL: url(),
    APPMAX_ADMIN_URL: url(),
    APPMAX_APP_ID_UUID: z.preprocess(blankIsUnset, z.uuid('must be a UUID').toLowerCase().optional()),
    APPMAX_APP_ID_NUMERIC: z.preprocess(
      blankIsUnset,
      z
        .string()
        .regex(/^\d{1,20}$/, 'must be digits')
        .optional(),
    ),
    APPMAX_SCRIPT_URL: url(),
    APPMAX_DOMAIN_NAMES: domainNames,
    APPMAX_CLIENT_ID: text,
    APPMAX_CLIENT_SECRET: text,
    APPMAX_CONNECT_TIMEOUT: wholeNumber(3, 1, 60),
    APPMAX_TOKEN_TIMEOUT: wholeNumber(10, 1, 120),
    APPMAX_TIMEOUT: wholeNumber(30, 1, 120),
    APPMAX_CARD_TIMEOUT: wholeNumber(60, 1, 180),
    APPMAX_BACKGROUND_READS: wholeNumber(50_000, 0, 100_000_000),
    APPMAX_BACKGROUND_PER_SECOND: wholeNumber(3, 1, 1_000),
    APPMAX_ORDER_READ_INTERVAL: wholeNumber(30, 0, 3_600),
    APPMAX_STOREFRONT_CALLS: wholeNumber(1_500, 1, 100_000_000),
    APPMAX_STOREFRONT_ADDRESS_PERCENT: wholeNumber(5, 1, 100),
    APPMAX_RATE_PER_SECOND: wholeNumber(5, 1, 100_000),
    APPMAX_RATE_BURST: wholeNumber(50, 1, 100_000),
    PAYMENT_SETTLE_SECONDS: wholeNumber(30, 5, 3_600),
  })
  .superRefine(
    (env, context) => {
      const fault = (path: string, message: string): void => {
        context.addIssue({ code: 'custom', path: [path], message });
      };
      if (env.DB_CONNECTION === 'postgres' && env.DB_PASSWORD === undefined) {
        fault('DB_PASSWORD', 'is required (or set DB_CONNECTION=embedded, which needs no server)');
      }
      if (env.DB_HOST.length > 1 && env.DB_LISTEN_HOST !== undefined) {
        fault(
          'DB_LISTEN_HOST',
          'is set, but DB_HOST has several servers: notifications come from the primary',
        );
      }
      if ((env.DB_MAX_IDLE_CONNS ?? 0) > env.DB_MAX_OPEN_CONNS) {
        fault('DB_MAX_IDLE_CONNS', 'must not be more than DB_MAX_OPEN_CONNS');
      }
      if (env.APP_ENV === 'production' && env.APP_KEY === undefined) {
        fault('APP_KEY', 'is required in production (make one with: openssl rand -base64 32)');
      }
      if (env.APP_ENV === 'production' && env.API_SECRET_KEYS.length === 0) {
        fault(
          'API_SECRET_KEYS',
          'is required in production: without it no client can call the secret routes',
        );
      }
      if (env.APP_ENV === 'production' && env.APP_URL === undefined && env.NGROK_URL === undefined) {
        fault('APP_URL', 'is required in production: Appmax and browsers call the service at this address');
      }
      if (
        env.APP_ENV === 'local' &&
        (isProductionOf(env.APPMAX_API_URL) || isProductionOf(env.APPMAX_AUTH_URL))
      ) {
        fault(
          'APPMAX_API_URL',
          "is Appmax's production, but APP_ENV is local: set APP_ENV=production, or leave APPMAX_*_URL empty for the sandbox",
        );
      }
      if ((env.NOTIFY_URL === undefined) !== (env.NOTIFY_SECRET === undefined)) {
        fault(env.NOTIFY_URL === undefined ? 'NOTIFY_URL' : 'NOTIFY_SECRET', 'is required: set both or none');
      }
      if (env.NOTIFY_URL?.startsWith('http:') === true && !env.NOTIFY_ALLOW_PRIVATE) {
        fault('NOTIFY_URL', 'must be an https:// address, unless NOTIFY_ALLOW_PRIVATE is on');
      }
      if (env.REDIS_TLS_CA !== undefined && !env.REDIS_TLS) {
        fault('REDIS_TLS_CA', 'is set, but REDIS_TLS is not on');
      }
      for (const key of env.API_SECRET_KEYS) {
        if (key.length < 16) {
          fault('API_SECRET_KEYS', 'holds a key of fewer than 16 characters');
          break;
        }
      }
    },
    // Without this, Zod skips these checks if any variable is invalid; but all faults are listed at once.
    { when: () => true },
  );

export type Environment = z.infer<typeof environmentSchema>;
