import { ConfigurationError, parseConfig } from './config';
import { environmentSchema } from './env.schema';
import { FOREIGN_VARIABLES } from './go-example';

/** The variables of the Go example's .env.example, its settings and its docker-compose.yml. */
const READ_BY_BOTH = {
  APP_NAME: 'AppMax Checkout',
  APP_ENV: 'local',
  APP_HOST: '0.0.0.0',
  APP_PORT: '8080',
  APP_URL: 'http://localhost:8080',
  NGROK_URL: 'shop.ngrok-free.app',
  LOG_LEVEL: 'debug',
  DB_CONNECTION: 'postgres',
  DB_HOST: 'localhost',
  DB_PORT: '5432',
  DB_DATABASE: 'appmax_checkout',
  DB_USERNAME: 'appmax',
  DB_PASSWORD: 'secret',
  DB_SSLMODE: 'disable',
  DB_SCHEMA: 'public',
  DB_TIMEZONE: 'UTC',
  CACHE_DRIVER: 'redis',
  REDIS_HOST: 'localhost',
  REDIS_PORT: '6379',
  REDIS_USERNAME: '',
  REDIS_PASSWORD: 'redis-secret',
  REDIS_DB: '0',
  APPMAX_AUTH_URL: 'https://auth.sandboxappmax.com.br',
  APPMAX_API_URL: 'https://api.sandboxappmax.com.br',
  APPMAX_ADMIN_URL: 'https://breakingcode.sandboxappmax.com.br',
  APPMAX_CLIENT_ID: 'client',
  APPMAX_CLIENT_SECRET: 'app-secret',
  APPMAX_APP_ID_NUMERIC: '123',
};

function faultsOf(variables: Record<string, string>): readonly string[] {
  try {
    parseConfig(variables);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
}

describe('The variables of the Go example', () => {
  it('those with the same name are read', () => {
    for (const name of Object.keys(READ_BY_BOTH)) expect(environmentSchema.shape).toHaveProperty(name);
    expect(parseConfig(READ_BY_BOTH)).toMatchObject({
      publicUrl: 'https://shop.ngrok-free.app',
      database: { database: 'appmax_checkout', password: 'secret' },
      appmax: { clientId: 'client', appIdNumeric: '123' },
    });
  });

  it('all others are refused by name, together, with what to do instead and without their values', () => {
    const others = Object.fromEntries(
      Object.keys(FOREIGN_VARIABLES).map((name) => [name, 'a-value-of-the-go-example']),
    );
    const faults = faultsOf({ ...READ_BY_BOTH, ...others, APP_KEY: 'K'.repeat(32) });
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'APP_KEY',
      ...Object.keys(FOREIGN_VARIABLES),
    ]);
    expect(faults).toContain('APP_ID_UUID is not read: set APPMAX_APP_ID_UUID instead');
    expect(faults[0]).toContain('make a new one (openssl rand -base64 32)');
    for (const fault of faults) expect(fault).not.toMatch(/a-value-of-the-go-example|KKKK/);
  });

  it.each([
    ['APP_DEBUG', 'false'],
    ['APP_TIMEZONE', 'UTC'],
    ['NGROK_AUTHTOKEN', ' '],
  ])('%s=%s changes nothing and is accepted', (name, value) => {
    expect(parseConfig({ ...READ_BY_BOTH, [name]: value })).toMatchObject({ logLevel: 'debug' });
  });

  it('a time zone other than UTC is refused', () => {
    const zone = 'America/Sao_Paulo';
    expect(faultsOf({ ...READ_BY_BOTH, APP_TIMEZONE: zone, DB_TIMEZONE: zone })).toEqual([
      expect.stringMatching(/^DB_TIMEZONE must be UTC/),
      expect.stringMatching(/^APP_TIMEZONE must be UTC/),
    ]);
  });
});
