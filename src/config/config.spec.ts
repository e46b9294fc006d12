import { ConfigurationError, parseConfig } from './config';
import { environmentSchema } from './env.schema';

const APP_KEY = Buffer.alloc(32, 1).toString('base64');
const REQUIRED = { DB_PASSWORD: 'database-password', APP_KEY };
const NOTIFY_URL = 'https://shop.example.com/hook';
const NOTIFY_SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

/** Returns the faults of an environment; an empty list if it is valid. */
function faultsOf(variables: Record<string, string | undefined>): readonly string[] {
  try {
    parseConfig(variables);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
}

function errorOf(variables: Record<string, string | undefined>): ConfigurationError {
  try {
    parseConfig(variables);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('The environment has no fault');
}

describe('parseConfig', () => {
  it('the only required variable is the password of the database', () => {
    expect(parseConfig(REQUIRED)).toMatchObject({
      appName: 'Appmax Checkout',
      environment: 'local',
      host: '0.0.0.0',
      port: 8080,
      publicUrl: 'http://localhost:8080',
      logLevel: 'info',
      secretKeys: [],
      corsOrigins: [],
      storefrontOrders: 'ids',
      cardData: 'raw',
      rateLimit: true,
      trustProxy: false,
      webhookVerification: 'appmax',
      webhookBytesPerMinute: 8_388_608,
      backgroundWork: true,
      tracing: undefined,
      notifications: { endpoint: undefined, allowsPrivate: false },
      retention: {
        webhookPayloadDays: undefined,
        sessionDays: undefined,
        statusChangeDays: undefined,
        auditLogDays: undefined,
        notificationDays: 30,
        idempotencyKeyHours: 24,
      },
      database: {
        connection: 'postgres',
        host: 'localhost',
        port: 5432,
        database: 'appmax_checkout',
        username: 'appmax',
        password: 'database-password',
        sslMode: 'disable',
        schema: 'public',
        maxOpenConnections: 25,
        maxIdleConnections: 5,
        connectionLifetimeSeconds: 300,
        queryTimeoutSeconds: 15,
        runMigrations: true,
      },
      cache: {
        driver: 'redis',
        host: 'localhost',
        port: 6379,
        username: undefined,
        password: undefined,
        database: 0,
      },
      appmax: {
        authUrl: 'https://auth.sandboxappmax.com.br',
        apiUrl: 'https://api.sandboxappmax.com.br',
        adminUrl: 'https://breakingcode.sandboxappmax.com.br',
        environment: 'sandbox',
        scriptUrl: 'https://scripts.sandboxappmax.com.br/appmax.min.js',
        appIdUuid: undefined,
        appIdNumeric: undefined,
        clientId: undefined,
        clientSecret: undefined,
        storefrontCalls: { perDay: 1_500, addressPercent: 5 },
      },
    });
  });

  const OPTIONAL = Object.keys(environmentSchema.shape).filter((name) => !(name in REQUIRED));

  it.each(OPTIONAL)('a blank %s counts as unset', (name) => {
    const expected = parseConfig(REQUIRED);
    expect(parseConfig({ ...REQUIRED, [name]: '' })).toEqual(expected);
    expect(parseConfig({ ...REQUIRED, [name]: '  \t ' })).toEqual(expected);
  });

  it('a blank database password counts as missing', () => {
    expect(faultsOf({ DB_PASSWORD: '  ' })).toEqual([expect.stringMatching(/^DB_PASSWORD is required/)]);
  });

  it('every variable that is set is read', () => {
    const config = parseConfig({
      NOTIFY_URL,
      NOTIFY_SECRET,
      NOTIFY_ALLOW_PRIVATE: 'on',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.internal:4318/',
      OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20a2V5, x-team=shop',
      OTEL_SERVICE_NAME: 'shop-checkout',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
      APP_NAME: 'Shop',
      APP_ENV: 'production',
      APP_KEY,
      APP_HOST: '127.0.0.1',
      APP_PORT: '9090',
      APP_URL: 'https://shop.example.com/',
      LOG_LEVEL: 'debug',
      STOREFRONT_ORDERS: 'tokens',
      API_SECRET_KEYS: ' first-key-of-the-shop , second-key-of-the-shop ,',
      DB_HOST: 'db.internal',
      DB_PORT: '6000',
      DB_DATABASE: 'shop',
      DB_USERNAME: 'keeper',
      DB_PASSWORD: 'database-password',
      DB_SSLMODE: 'verify-full',
      DB_SCHEMA: 'checkout',
      DB_TIMEZONE: 'utc',
      DB_MAX_OPEN_CONNS: '10',
      DB_MAX_IDLE_CONNS: '10',
      DB_CONN_MAX_LIFETIME: '60',
      DB_QUERY_TIMEOUT: '7',
      RUN_MIGRATIONS: 'TRUE',
      CACHE_DRIVER: 'memory',
      REDIS_HOST: 'redis.internal',
      REDIS_PORT: '6380',
      REDIS_USERNAME: 'cache',
      REDIS_PASSWORD: 'cache-password',
      REDIS_DB: '3',
      APPMAX_AUTH_URL: 'http://127.0.0.1:9999///',
      APPMAX_API_URL: 'http://127.0.0.1:9998',
      APPMAX_ADMIN_URL: 'http://127.0.0.1:9997',
      APPMAX_SCRIPT_URL: 'http://127.0.0.1:9996/appmax.min.js',
      APPMAX_APP_ID_UUID: '3F2504E0-4F89-41D3-9A0C-0305E82C3301',
      APPMAX_APP_ID_NUMERIC: '321',
      APPMAX_CLIENT_ID: 'client',
      APPMAX_CLIENT_SECRET: 'client-secret',
      APPMAX_CARD_TIMEOUT: '90',
      APPMAX_STOREFRONT_CALLS: '3000',
      APPMAX_STOREFRONT_ADDRESS_PERCENT: '10',
    });
    expect(config).toMatchObject({
      tracing: {
        endpoint: 'http://collector.internal:4318',
        headers: { authorization: 'Basic a2V5', 'x-team': 'shop' },
        serviceName: 'shop-checkout',
        sampledShare: 0.25,
      },
      notifications: { endpoint: { url: NOTIFY_URL, secret: NOTIFY_SECRET }, allowsPrivate: true },
      appName: 'Shop',
      environment: 'production',
      host: '127.0.0.1',
      port: 9090,
      publicUrl: 'https://shop.example.com',
      logLevel: 'debug',
      secretKeys: ['first-key-of-the-shop', 'second-key-of-the-shop'],
      storefrontOrders: 'tokens',
      database: {
        host: 'db.internal',
        port: 6000,
        database: 'shop',
        username: 'keeper',
        sslMode: 'verify-full',
        schema: 'checkout',
        maxOpenConnections: 10,
        maxIdleConnections: 10,
        connectionLifetimeSeconds: 60,
        queryTimeoutSeconds: 7,
        runMigrations: true,
      },
      cache: {
        driver: 'memory',
        host: 'redis.internal',
        port: 6380,
        username: 'cache',
        password: 'cache-password',
        database: 3,
      },
      appmax: {
        authUrl: 'http://127.0.0.1:9999',
        apiUrl: 'http://127.0.0.1:9998',
        adminUrl: 'http://127.0.0.1:9997',
        scriptUrl: 'http://127.0.0.1:9996/appmax.min.js',
        appIdUuid: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
        appIdNumeric: '321',
        clientId: 'client',
        clientSecret: 'client-secret',
        cardTimeoutSeconds: 90,
        storefrontCalls: { perDay: 3_000, addressPercent: 10 },
      },
    });
  });

  it.each([
    [{}, 'http://localhost:8080'],
    [{ APP_PORT: '81' }, 'http://localhost:81'],
    [{ APP_URL: 'https://shop.example.com' }, 'https://shop.example.com'],
    [{ NGROK_URL: 'https://tunnel.example.com' }, 'https://tunnel.example.com'],
    [
      { APP_URL: 'https://shop.example.com', NGROK_URL: 'https://tunnel.example.com/' },
      'https://tunnel.example.com',
    ],
    [{ APP_URL: 'https://shop.example.com', NGROK_URL: ' ' }, 'https://shop.example.com'],
  ])('the public address is the tunnel, else APP_URL, else localhost: %j', (variables, expected) => {
    expect(parseConfig({ ...REQUIRED, ...variables }).publicUrl).toBe(expected);
  });

  it.each([
    ['https://admin.appmax.com.br', 'production'],
    ['https://breakingcode.sandboxappmax.com.br', 'sandbox'],
    ['http://localhost:4000/sandbox', 'sandbox'],
    ['http://localhost:4000', 'production'],
  ])('with the admin address %s the environment of Appmax is %s', (adminUrl, expected) => {
    expect(parseConfig({ ...REQUIRED, APPMAX_ADMIN_URL: adminUrl }).appmax.environment).toBe(expected);
  });

  it.each([
    ['local', undefined, true],
    ['test', undefined, false],
    ['production', undefined, false],
    ['local', 'false', false],
    ['local', 'off', false],
    ['production', 'true', true],
    ['test', 'On', true],
  ])(
    'with APP_ENV=%s and RUN_MIGRATIONS=%s the value of runMigrations is %s',
    (environment, flag, expected) => {
      const variables = {
        ...REQUIRED,
        APP_ENV: environment,
        RUN_MIGRATIONS: flag,
        API_SECRET_KEYS: 'a-key-that-is-long-enough',
        APP_URL: 'https://shop.example.com',
        APP_KEY,
      };
      expect(parseConfig(variables).database.runMigrations).toBe(expected);
    },
  );

  it.each([
    ['https://admin.appmax.com.br', undefined, 'token'],
    ['https://breakingcode.sandboxappmax.com.br', undefined, 'raw'],
    ['https://admin.appmax.com.br', 'raw', 'raw'],
    ['https://breakingcode.sandboxappmax.com.br', 'token', 'token'],
  ])(
    'with the admin address %s and CARD_DATA=%s cards are accepted as %s',
    (adminUrl, cardData, expected) => {
      const variables = { ...REQUIRED, APPMAX_ADMIN_URL: adminUrl, CARD_DATA: cardData };
      expect(parseConfig(variables).cardData).toBe(expected);
    },
  );

  it('in production data is kept for the documented times, or for those that are set; 0 is for ever', () => {
    const production = {
      ...REQUIRED,
      APP_ENV: 'production',
      API_SECRET_KEYS: 'a-key-that-is-long-enough',
      APP_URL: 'https://shop.example.com',
    };
    expect(parseConfig(production).retention).toEqual({
      webhookPayloadDays: 90,
      sessionDays: 90,
      statusChangeDays: 730,
      auditLogDays: 1_826,
      notificationDays: 30,
      idempotencyKeyHours: 24,
    });
    const set = {
      RETENTION_WEBHOOK_PAYLOAD_DAYS: '0',
      RETENTION_SESSION_DAYS: '30',
      RETENTION_STATUS_CHANGE_DAYS: '100',
      RETENTION_AUDIT_LOG_DAYS: '365',
      RETENTION_NOTIFICATION_DAYS: '7',
      RETENTION_IDEMPOTENCY_KEY_HOURS: '48',
    };
    expect(parseConfig({ ...production, ...set }).retention).toEqual({
      webhookPayloadDays: undefined,
      sessionDays: 30,
      statusChangeDays: 100,
      auditLogDays: 365,
      notificationDays: 7,
      idempotencyKeyHours: 48,
    });
  });

  it.each<[string, boolean | number | string]>([
    ['true', true],
    ['ON', true],
    ['false', false],
    ['off', false],
    ['0', 0],
    ['2', 2],
    ['10.0.0.1,10.0.0.2', '10.0.0.1,10.0.0.2'],
    ['127.0.0.1/8', '127.0.0.1/8'],
  ])('with TRUST_PROXY=%s the value of trustProxy is %j', (value, expected) => {
    expect(parseConfig({ ...REQUIRED, TRUST_PROXY: value }).trustProxy).toBe(expected);
  });

  it('CORS_ORIGINS and RATE_LIMIT are read', () => {
    expect(
      parseConfig({
        ...REQUIRED,
        CORS_ORIGINS: 'https://a.example.com, https://b.example.com',
        RATE_LIMIT: 'off',
      }),
    ).toMatchObject({ corsOrigins: ['https://a.example.com', 'https://b.example.com'], rateLimit: false });
  });

  it('an embedded database needs no password and listens on 127.0.0.1 and any free port', () => {
    const { database } = parseConfig({ DB_CONNECTION: 'embedded', DB_HOST: 'elsewhere.example.com' });
    expect(database).toMatchObject({ host: '127.0.0.1', port: undefined, password: undefined });
  });

  it('an embedded database keeps the port that is set', () => {
    expect(parseConfig({ DB_CONNECTION: 'embedded', DB_PORT: '55432' }).database.port).toBe(55_432);
  });

  it('the configuration is frozen in all its parts', () => {
    const config = parseConfig({ ...REQUIRED, API_SECRET_KEYS: 'a-key-that-is-long-enough' });
    const parts = [config, config.database, config.cache, config.appmax, config.secretKeys];
    expect(parts.map((part) => Object.isFrozen(part))).toEqual(parts.map(() => true));
    expect(() => {
      (config.database as { host: string }).host = 'elsewhere';
    }).toThrow(TypeError);
  });
});

describe('an environment with faults', () => {
  it.each<[string, string, string]>([
    ['APP_ENV', 'staging', 'must be one of "local"|"production"|"test"'],
    ['APP_PORT', 'eighty', 'must be a whole number'],
    ['APP_PORT', '80.5', 'must be a whole number'],
    ['APP_PORT', '65536', 'must be at most 65535'],
    ['APP_PORT', '-1', 'must be at least 0'],
    ['APP_URL', 'shop.example.com', 'must be an http:// or https:// address'],
    ['APP_URL', 'http://', 'must be an http:// or https:// address'],
    ['NGROK_URL', 'ftp://shop.example.com', 'must be an http:// or https:// address'],
    ['LOG_LEVEL', 'loud', 'must be one of "fatal"|"error"|"warn"|"info"|"debug"|"trace"|"silent"'],
    ['API_SECRET_KEYS', 'long-enough-to-be-a-key,short', 'holds a key of fewer than 16 characters'],
    ['STOREFRONT_ORDERS', 'open', 'must be one of "ids"|"tokens"|"sessions"'],
    ['CARD_DATA', 'plain', 'must be one of "raw"|"token"'],
    ['RATE_LIMIT', 'some', 'must be true or false'],
    ['DB_CONNECTION', 'mysql', 'must be one of "postgres"|"embedded"'],
    ['DB_PORT', '0', 'must be a port, 1 to 65535'],
    ['DB_PORT', 'x', 'must be a port, 1 to 65535'],
    ['DB_SSLMODE', 'maybe', 'must be one of "disable"|"require"|"verify-ca"|"verify-full"'],
    ['DB_SCHEMA', 'Public; DROP', 'must be a lower-case PostgreSQL name'],
    ['DB_TIMEZONE', 'America/Sao_Paulo', 'must be UTC: the TIMESTAMP columns hold UTC instants'],
    ['DB_MAX_OPEN_CONNS', '10001', 'must be at most 10000'],
    ['DB_MAX_IDLE_CONNS', '26', 'must not be more than DB_MAX_OPEN_CONNS'],
    ['DB_QUERY_TIMEOUT', '0', 'must be at least 1'],
    ['DB_QUERY_TIMEOUT', '1.5', 'must be a whole number'],
    ['RUN_MIGRATIONS', 'perhaps', 'must be true or false'],
    ['CACHE_DRIVER', 'memcached', 'must be one of "redis"|"memory"'],
    ['REDIS_PORT', '0', 'must be at least 1'],
    ['APPMAX_API_URL', 'javascript:alert(1)', 'must be an http:// or https:// address'],
    ['APPMAX_APP_ID_UUID', '321', 'must be a UUID'],
    ['APPMAX_APP_ID_NUMERIC', '3f2504e0', 'must be digits'],
    ['APPMAX_TIMEOUT', '0', 'must be at least 1'],
    ['APPMAX_CARD_TIMEOUT', '181', 'must be at most 180'],
    ['WEBHOOK_BYTES_PER_MINUTE', '1000', 'must be at least 262144'],
    ['WEBHOOK_VERIFICATION', 'maybe', 'must be one of "appmax"|"none"'],
    ['BACKGROUND_WORK', 'some', 'must be true or false'],
    ['NOTIFY_ALLOW_PRIVATE', 'some', 'must be true or false'],
    ['APPMAX_BACKGROUND_READS', '-1', 'must be at least 0'],
    ['APPMAX_BACKGROUND_PER_SECOND', '0', 'must be at least 1'],
    ['APPMAX_ORDER_READ_INTERVAL', '3601', 'must be at most 3600'],
    ['APPMAX_STOREFRONT_CALLS', '0', 'must be at least 1'],
    ['RETENTION_WEBHOOK_PAYLOAD_DAYS', '29', 'must be 0 (kept for ever) or at least 30'],
    ['RETENTION_SESSION_DAYS', '1.5', 'must be a whole number'],
    ['RETENTION_STATUS_CHANGE_DAYS', '-1', 'must be 0 (kept for ever) or at least 30'],
    ['RETENTION_AUDIT_LOG_DAYS', '36601', 'must be at most 36600'],
    ['RETENTION_NOTIFICATION_DAYS', '2', 'must be at least 3'],
    ['RETENTION_IDEMPOTENCY_KEY_HOURS', '23', 'must be at least 24'],
    ['APPMAX_STOREFRONT_ADDRESS_PERCENT', '101', 'must be at most 100'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'must be an http:// or https:// address'],
    ...['authorization', '=key', 'a b=c', 'key=%E0%A4%A', 'key=%0Ax'].map(
      (value): [string, string, string] => [
        'OTEL_EXPORTER_OTLP_HEADERS',
        value,
        'must be name=value pairs, comma-separated, such as authorization=Basic%20dXNlcjpwYXNz',
      ],
    ),
    ['OTEL_TRACES_SAMPLER_ARG', '1.5', 'must be a number from 0 to 1'],
    ['OTEL_TRACES_SAMPLER_ARG', 'all', 'must be a number from 0 to 1'],
  ])('an environment has exactly one fault when %s is "%s"', (name, value, expected) => {
    expect(faultsOf({ ...REQUIRED, [name]: value })).toEqual([`${name} ${expected}`]);
  });

  it.each<[string, Record<string, string>, readonly string[]]>([
    ['without its secret', { NOTIFY_URL }, ['NOTIFY_SECRET is required: set both or none']],
    ['without its address', { NOTIFY_SECRET }, ['NOTIFY_URL is required: set both or none']],
    [
      'with http',
      { NOTIFY_URL: 'http://shop.example.com/hook', NOTIFY_SECRET },
      ['NOTIFY_URL must be an https:// address, unless NOTIFY_ALLOW_PRIVATE is on'],
    ],
    [
      'with a short secret',
      { NOTIFY_URL, NOTIFY_SECRET: `whsec_${Buffer.alloc(23).toString('base64')}` },
      [expect.stringMatching(/^NOTIFY_SECRET must be whsec_ and 24 to 64 bytes as base64/) as string],
    ],
    [
      'with http on a private network',
      { NOTIFY_URL: 'http://shop/hook', NOTIFY_SECRET, NOTIFY_ALLOW_PRIVATE: 'on' },
      [],
    ],
  ])('an endpoint %s is refused or accepted', (_, variables, expected) => {
    expect(faultsOf({ ...REQUIRED, ...variables })).toEqual(expected);
  });

  it('all faults are reported at once, also those that concern two variables', () => {
    const names = faultsOf({
      APP_ENV: 'production',
      APP_PORT: 'eighty',
      LOG_LEVEL: 'loud',
      DB_MAX_OPEN_CONNS: '3',
      DB_MAX_IDLE_CONNS: '4',
      REDIS_PORT: '70000',
      APPMAX_API_URL: 'nowhere',
    }).map((fault) => fault.split(' ')[0]);
    expect(names.sort()).toEqual([
      'API_SECRET_KEYS',
      'APPMAX_API_URL',
      'APP_KEY',
      'APP_PORT',
      'APP_URL',
      'DB_MAX_IDLE_CONNS',
      'DB_PASSWORD',
      'LOG_LEVEL',
      'REDIS_PORT',
    ]);
  });

  it('the message lists each fault on its own line', () => {
    const error = errorOf({ APP_PORT: 'eighty' });
    expect(error.faults).toHaveLength(2);
    expect(error.message).toContain('2 fault(s)');
    for (const fault of error.faults) expect(error.message).toContain(`\n  - ${fault}`);
  });

  it('faults are reported without any value, which may be a secret', () => {
    const canary = 'canary-4711';
    const names = [
      'APP_ENV',
      'APP_PORT',
      'APP_URL',
      'NGROK_URL',
      'LOG_LEVEL',
      'API_SECRET_KEYS',
      'WEBHOOK_VERIFICATION',
      'DB_CONNECTION',
      'DB_PORT',
      'DB_SSLMODE',
      'DB_SCHEMA',
      'DB_TIMEZONE',
      'DB_MAX_OPEN_CONNS',
      'DB_MAX_IDLE_CONNS',
      'DB_CONN_MAX_LIFETIME',
      'DB_QUERY_TIMEOUT',
      'RUN_MIGRATIONS',
      'CACHE_DRIVER',
      'REDIS_PORT',
      'REDIS_DB',
      'APPMAX_AUTH_URL',
      'APPMAX_API_URL',
      'APPMAX_ADMIN_URL',
      'APPMAX_SCRIPT_URL',
      'APPMAX_APP_ID_UUID',
      'APPMAX_APP_ID_NUMERIC',
      'APPMAX_TIMEOUT',
    ];
    const error = errorOf(Object.fromEntries(names.map((name) => [name, canary])));
    expect(error.faults.map((fault) => fault.split(' ')[0]).sort()).toEqual([...names].sort());
    expect(error.message).not.toContain(canary);
  });

  it.each([undefined, '', '  '])('an environment in production has a fault with APP_KEY=%j', (key) => {
    const keys = { API_SECRET_KEYS: 'a-key-that-is-long-enough', APP_URL: 'https://shop.example.com' };
    expect(faultsOf({ ...REQUIRED, ...keys, APP_ENV: 'production', APP_KEY: key })).toEqual([
      expect.stringMatching(/^APP_KEY is required in production/),
    ]);
  });

  it.each(['short', Buffer.alloc(31).toString('base64'), Buffer.alloc(33).toString('base64')])(
    'an APP_KEY that is not 32 bytes is a fault: %s',
    (key) => {
      expect(faultsOf({ ...REQUIRED, APP_KEY: key })).toEqual([
        expect.stringMatching(/^APP_KEY must be 32 bytes as base64/),
      ]);
    },
  );

  it('APP_KEY_PREVIOUS may have several keys, which must be valid', () => {
    const [older, oldest] = [Buffer.alloc(32, 2), Buffer.alloc(32, 3)];
    const keys = `${older.toString('base64')}, ${oldest.toString('base64url')},`;
    expect(parseConfig({ ...REQUIRED, APP_KEY_PREVIOUS: keys }).previousAppKeys).toEqual([older, oldest]);
    expect(parseConfig({ ...REQUIRED, APP_KEY_PREVIOUS: ' ' }).previousAppKeys).toEqual([]);
    expect(faultsOf({ ...REQUIRED, APP_KEY_PREVIOUS: `${keys}short` })).toEqual([
      expect.stringMatching(/^APP_KEY_PREVIOUS must be 32 bytes as base64/),
    ]);
  });

  it.each<[string | undefined, string[]]>([
    [undefined, []],
    [' , ', []],
    ['checkout.example.com', ['checkout.example.com']],
    ['Loja.Exemplo.com.br, pagar.exemplo.com.br,', ['loja.exemplo.com.br', 'pagar.exemplo.com.br']],
    ['xn--caf-dma.com.br,xn--caf-dma.com.br', ['xn--caf-dma.com.br']],
  ])('APPMAX_DOMAIN_NAMES=%j has the hosts %j', (value, hosts) => {
    expect(parseConfig({ ...REQUIRED, APPMAX_DOMAIN_NAMES: value }).appmax.domainNames).toEqual(hosts);
  });

  it.each([
    'https://checkout.example.com',
    'checkout.example.com/loja',
    'checkout.example.com:8443',
    '*.example.com',
    'localhost',
    '203.0.113.9',
    '-a.example.com',
    'a..example.com',
    'loja.example.com; rm',
  ])('a host name that is not bare is a fault: APPMAX_DOMAIN_NAMES=%s', (value) => {
    expect(faultsOf({ ...REQUIRED, APPMAX_DOMAIN_NAMES: `loja.example.com,${value}` })).toEqual([
      expect.stringMatching(/^APPMAX_DOMAIN_NAMES must be host names/),
    ]);
  });

  it('a WEBHOOK_TOKEN of fewer than 16 characters is a fault', () => {
    expect(faultsOf({ ...REQUIRED, WEBHOOK_TOKEN: 'x'.repeat(15) })).toEqual([
      'WEBHOOK_TOKEN must be at least 16 characters',
    ]);
    expect(parseConfig({ ...REQUIRED, WEBHOOK_BYTES_PER_MINUTE: '1048576' }).webhookBytesPerMinute).toBe(
      1_048_576,
    );
    expect(parseConfig({ ...REQUIRED, WEBHOOK_TOKEN: 'x'.repeat(16) }).webhookToken).toBe('x'.repeat(16));
    expect(parseConfig({ ...REQUIRED, WEBHOOK_TOKEN: ' ' }).webhookToken).toBeUndefined();
  });

  it.each([undefined, '', ' , ,'])(
    'an environment in production has a fault with API_SECRET_KEYS=%j',
    (keys) => {
      const production = { ...REQUIRED, APP_ENV: 'production', APP_URL: 'https://shop.example.com' };
      expect(faultsOf({ ...production, API_SECRET_KEYS: keys })).toEqual([
        'API_SECRET_KEYS is required in production: without it no client can call the secret routes',
      ]);
    },
  );
});
