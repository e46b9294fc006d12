import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { ConfigurationError, parseConfig } from './config';
import { parseEnvFile, withoutQuotes } from './env-file';
import { loadConfig } from './load-config';

const REQUIRED = { DB_PASSWORD: 'database-password', APP_KEY: Buffer.alloc(32, 1).toString('base64') };
const PRODUCTION = { ...REQUIRED, APP_ENV: 'production', API_SECRET_KEYS: 'a-key-that-is-long-enough' };

const read = (text: string): Record<string, string> => parseEnvFile(Buffer.from(text));

function faultsOf(variables: Record<string, string>): readonly string[] {
  try {
    parseConfig({ ...REQUIRED, ...variables });
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
}

describe('An environment file', () => {
  it.each([
    ['DB_PASSWORD=ab#cd', 'ab#cd'],
    ['DB_PASSWORD=#ab', '#ab'],
    ['DB_PASSWORD=ab # the password', 'ab'],
    ['DB_PASSWORD=ab\t#cd', 'ab'],
    ['DB_PASSWORD= # none', ''],
    ['DB_PASSWORD="ab # cd"', 'ab # cd'],
    ["DB_PASSWORD='ab # cd' # the password", 'ab # cd'],
    ['DB_PASSWORD="a\\"b\\\\c\\nd"', 'a"b\\c\nd'],
    ["DB_PASSWORD='a\\nb'", 'a\\nb'],
    ['DB_PASSWORD="one\ntwo"', 'one\ntwo'],
    ['DB_PASSWORD=a"b', 'a"b'],
    ['  DB_PASSWORD \t=  a b  ', 'a b'],
    ['export DB_PASSWORD=ab', 'ab'],
    ['DB_PASSWORD=a=b==', 'a=b=='],
    ['DB_PASSWORD=', ''],
    ['DB_PASSWORD=""', ''],
    ['\uFEFFDB_PASSWORD=ab', 'ab'],
    ['# x\r\n\r\nDB_PASSWORD=ab\r\n', 'ab'],
    ['DB_PASSWORD=first\nDB_PASSWORD=last', 'last'],
  ])('the value in %j is %j', (text, expected) => {
    expect(read(text)).toEqual({ DB_PASSWORD: expected });
  });

  it.each([
    ['A=1\nDB_PASSWORD secret', 'line 2 is not NAME=value'],
    ['A=1\n\n9A=secret', 'line 3 is not NAME=value'],
    ['A="secret', 'line 1 has a quote that is not closed'],
    ["A=1\nB='secret\nC=1", 'line 2 has a quote that is not closed'],
    ['A="secret"x', 'line 1 has text after its closing quote'],
  ])('the file %j is refused with the number of the line', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('a file that is not UTF-8 is refused', () => {
    expect(() => parseEnvFile(Buffer.from('\uFEFFA=1', 'utf16le'))).toThrow('not UTF-8');
  });

  it.each([
    ['"8080"', '8080'],
    [" 'a b' ", 'a b'],
    ['"a\'', '"a\''],
    ['"', '"'],
    ['a"b"', 'a"b"'],
  ])('the quotes around the value %j are removed: %j', (value, expected) => {
    expect(withoutQuotes(value)).toBe(expected);
  });
});

describe('loadConfig', () => {
  const [directory, before] = [mkdtempSync(join(tmpdir(), 'appmax-checkout-env-')), process.cwd()];

  beforeEach(() => {
    process.chdir(directory);
  });

  afterEach(() => {
    process.chdir(before);
    delete process.env['REDIS_PASSWORD'];
  });

  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('the file .env is read, and variables of the environment come first', () => {
    writeFileSync(
      '.env',
      '\uFEFFAPP_ENV=test \nDB_PASSWORD=ab#cd # comment\nREDIS_PASSWORD=file\nAPP_PORT="81"\n',
    );
    process.env['REDIS_PASSWORD'] = '"environment"';
    const config = loadConfig();
    expect(config).toMatchObject({ environment: 'test', port: 81 });
    expect([config.database.password, config.cache.password]).toEqual(['ab#cd', 'environment']);
  });

  it('a file that cannot be read is a fault in one line', () => {
    writeFileSync('.env', 'DB_PASSWORD="secret\n');
    expect(() => loadConfig()).toThrow('.env: line 1 has a quote that is not closed');
  });
});

describe('Values that people write in another form', () => {
  it.each<[Record<string, string>, object]>([
    [{ NGROK_URL: 'abc.ngrok-free.app' }, { publicUrl: 'https://abc.ngrok-free.app' }],
    [{ NGROK_URL: '//abc.ngrok.io/' }, { publicUrl: 'https://abc.ngrok.io' }],
    [{ NGROK_URL: 'http://127.0.0.1:4040' }, { publicUrl: 'http://127.0.0.1:4040' }],
    [{ CORS_ORIGINS: 'https://Shop.Example.com/' }, { corsOrigins: ['https://shop.example.com'] }],
    [
      { CORS_ORIGINS: 'https://a.example:443, http://b.example:80/' },
      { corsOrigins: ['https://a.example', 'http://b.example'] },
    ],
    [{ CORS_ORIGINS: 'https://a.example,https://a.example/' }, { corsOrigins: ['https://a.example'] }],
    [{ CORS_ORIGINS: 'capacitor://localhost, *' }, { corsOrigins: ['capacitor://localhost', '*'] }],
    [{ TRUST_PROXY: ' 10.0.0.0/8 , ::1' }, { trustProxy: '10.0.0.0/8,::1' }],
    [{ TRUST_PROXY: 'loopback, 10.0.0.0/255.0.0.0' }, { trustProxy: 'loopback,10.0.0.0/255.0.0.0' }],
    [
      { APP_ENV: ' test\uFEFF', RATE_LIMIT: ' OFF ' },
      { environment: 'test', rateLimit: false },
    ],
    [{ LOG_LEVEL: '\u00A0warn ' }, { logLevel: 'warn' }],
    [{ DB_LISTEN_HOST: 'db.internal' }, { database: { direct: { host: 'db.internal', port: 5432 } } }],
    [{ DB_LISTEN_PORT: '5433' }, { database: { direct: { host: 'localhost', port: 5433 } } }],
    [
      { DB_HOST: 'db1, db2:5433,[::1]:5434,::1', DB_PORT: '5435' },
      {
        database: {
          host: 'db1',
          port: 5435,
          others: [
            { host: 'db2', port: 5433 },
            { host: '::1', port: 5434 },
            { host: '::1', port: 5435 },
          ],
        },
      },
    ],
    [{}, { database: { host: 'localhost', port: 5432, others: [] }, cache: { sentinel: undefined } }],
    [
      { REDIS_SENTINELS: 's1,s2:26380', REDIS_SENTINEL_MASTER: 'checkout' },
      {
        cache: {
          sentinel: {
            addresses: [
              { host: 's1', port: 26_379 },
              { host: 's2', port: 26_380 },
            ],
            master: 'checkout',
          },
        },
      },
    ],
  ])('%j is understood', (variables, expected) => {
    expect(parseConfig({ ...REQUIRED, ...variables })).toMatchObject(expected);
  });

  it.each([
    ['CORS_ORIGINS', 'shop.example.com'],
    ['CORS_ORIGINS', 'https://a.example, localhost:3000'],
    ['CORS_ORIGINS', 'https://shop.example.com/checkout'],
    ['CORS_ORIGINS', 'https://*.example.com'],
    ['CORS_ORIGINS', 'https://shop.example.com?x'],
    ['TRUST_PROXY', 'yes'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '10.0.0.1;10.0.0.2'],
    ['TRUST_PROXY', 'nginx'],
    ['TRUST_PROXY', '-1'],
    ['TRUST_PROXY', '10.0.0.1,'],
    ['NGROK_URL', 'https://'],
    ['REDIS_TLS_CA', '/does/not/exist.pem'],
  ])('%s=%s is refused in one line', (name, value) => {
    expect(faultsOf({ REDIS_TLS: 'on', [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^${name} must [^\n]+$`)),
    ]);
  });
});

describe("Appmax's addresses and the environment", () => {
  it.each(['local', 'test'])('with APP_ENV=%s the sandbox is the default', (environment) => {
    const { appmax } = parseConfig({ ...REQUIRED, APP_ENV: environment });
    expect(appmax).toMatchObject({ apiUrl: 'https://api.sandboxappmax.com.br', environment: 'sandbox' });
  });

  it('in production, production is the default, and the sandbox is allowed', () => {
    const variables = { ...PRODUCTION, APP_URL: 'https://pay.example.com' };
    expect(parseConfig(variables)).toMatchObject({
      cardData: 'token',
      appmax: { apiUrl: 'https://api.appmax.com.br', environment: 'production' },
    });
    const sandbox = { ...variables, APPMAX_API_URL: 'https://api.sandboxappmax.com.br' };
    expect(parseConfig(sandbox).appmax.apiUrl).toBe('https://api.sandboxappmax.com.br');
  });

  it.each([
    { APPMAX_API_URL: 'https://api.appmax.com.br' },
    { APPMAX_AUTH_URL: 'https://AUTH.appmax.com.br/' },
    { APPMAX_API_URL: ' https://api.appmax.com.br/v1', APPMAX_AUTH_URL: 'https://auth.appmax.com.br' },
  ])("Appmax's production is refused with APP_ENV=local: %j", (variables) => {
    expect(faultsOf(variables as Record<string, string>)).toEqual([
      expect.stringMatching(/^APPMAX_API_URL is Appmax's production, but APP_ENV is local/),
    ]);
  });

  it('production needs a public address: APP_URL or a tunnel', () => {
    expect(faultsOf(PRODUCTION)).toEqual([expect.stringMatching(/^APP_URL is required in production/)]);
    expect(faultsOf({ ...PRODUCTION, APP_URL: ' ' })).toHaveLength(1);
    expect(faultsOf({ ...PRODUCTION, NGROK_URL: 'abc.ngrok.io' })).toEqual([]);
    expect(faultsOf({ ...PRODUCTION, APP_URL: 'https://pay.example.com' })).toEqual([]);
  });
});

describe('TLS of Redis', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'appmax-checkout-ca-')), 'ca.pem');

  it('the file of certificates is read at the start', () => {
    writeFileSync(file, rootCertificates[0] ?? '');
    expect(parseConfig({ ...REQUIRED, REDIS_TLS: 'on', REDIS_TLS_CA: file }).cache.tls).toEqual({
      ca: rootCertificates[0],
    });
    expect(parseConfig({ ...REQUIRED, REDIS_TLS: 'true' }).cache.tls).toEqual({ ca: undefined });
    expect(parseConfig(REQUIRED).cache.tls).toBeUndefined();
  });

  it('a file without a certificate is refused, and so is a file without TLS', () => {
    writeFileSync(file, 'text');
    expect(faultsOf({ REDIS_TLS: 'on', REDIS_TLS_CA: file })).toEqual([
      expect.stringMatching(/^REDIS_TLS_CA must name/),
    ]);
    writeFileSync(file, rootCertificates[0] ?? '');
    expect(faultsOf({ REDIS_TLS_CA: file })).toEqual(['REDIS_TLS_CA is set, but REDIS_TLS is not on']);
  });
});
