import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type RedisClientType } from '@redis/client';
import { SimulatorControl } from '../simulator/control-client';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { freePort, type RedisConnection, startRedis, type TestServer } from './support/servers';
import { startService, type TestService } from './support/service';
import { cardPayment, CUSTOMER, install, ORDER } from './support/shop';
import { type SilentProxy, startSilentProxy } from './support/silent-proxy';
import { startSimulator, type TestSimulator } from './support/simulator';

/** Longer than the service needs to see that its connection is dead. */
const RECONNECTION_SECONDS = 20;

describe('A Redis that half works', () => {
  let database: TestDatabase;
  let simulator: TestSimulator;
  let redis: TestServer<RedisConnection>;
  let other: TestServer<RedisConnection>;
  let proxy: SilentProxy;
  let administrator: RedisClientType;
  let service: TestService;
  let shops = 0;

  const clientOf = async ({ host, port, password }: RedisConnection): Promise<RedisClientType> => {
    const client: RedisClientType = createClient({ socket: { host, port }, password });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const cacheRow = async (): Promise<unknown> => (await service.send('GET', '/health/ready')).body['cache'];
  const cacheIs = (row: 'up' | 'down') =>
    eventually(async () => {
      expect(await cacheRow()).toBe(row);
    }, RECONNECTION_SECONDS);
  const pay = async (key: string): Promise<number> =>
    (
      await service.send('POST', `/checkout/${key}/pay/credit-card`, {
        body: { customer: CUSTOMER, order: ORDER, payment: cardPayment() },
      })
    ).status;
  /** Installs a new shop and pays with it. @returns its key. */
  const shopThatWorks = async (): Promise<string> => {
    const key = `shop-${(shops += 1)}`;
    expect((await install(service, simulator, key)).body['external_id']).toBeTruthy();
    expect(await pay(key)).toBe(200);
    return key;
  };

  beforeAll(async () => {
    [database, simulator, redis] = await Promise.all([createDatabase(), startSimulator(), startRedis()]);
    other = await startRedis({ ...redis.connection, port: 0 });
    proxy = await startSilentProxy(redis.connection);
    administrator = await clientOf(redis.connection);
    service = await startService({
      ...database.environment,
      ...simulator.environment,
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(proxy.port),
      REDIS_PASSWORD: redis.connection.password,
      REDIS_DB: '0',
    });
  });

  afterAll(async () => {
    await service.stop();
    await administrator.disconnect();
    await proxy.stop();
    await Promise.all([simulator.stop(), database.drop(), redis.stop(), other.stop()]);
  });

  it.each<[string, string[][], string[][]]>([
    ['a replica (READONLY)', [['REPLICAOF', '127.0.0.1', '1']], [['REPLICAOF', 'NO', 'ONE']]],
    ['full (OOM)', [['CONFIG', 'SET', 'maxmemory', '1']], [['CONFIG', 'SET', 'maxmemory', '0']]],
    [
      'without permission to write (NOPERM)',
      [['ACL', 'SETUSER', 'default', '-@write']],
      [['ACL', 'SETUSER', 'default', '+@all']],
    ],
    [
      'without enough replicas (NOREPLICAS)',
      [['CONFIG', 'SET', 'min-replicas-to-write', '3']],
      [['CONFIG', 'SET', 'min-replicas-to-write', '0']],
    ],
  ])('no request fails while Redis is %s, and the readiness reports it', async (_, begin, end) => {
    await cacheIs('up');
    const before = await shopThatWorks();
    for (const command of begin) await administrator.sendCommand(command);
    try {
      await cacheIs('down');
      expect(await pay(before)).toBe(200);
      await shopThatWorks();
      // The token that Redis has is no longer valid, and can't be deleted there.
      await new SimulatorControl(simulator.url).revokeTokens(before);
      expect(await pay(before)).toBe(200);
    } finally {
      for (const command of end) await administrator.sendCommand(command);
    }
    await cacheIs('up');
    await shopThatWorks();
  });

  it.each([200, 1_000, 5_000])(
    'no request fails while Redis answers after %d ms, and the readiness reports it',
    async (milliseconds) => {
      await cacheIs('up');
      const before = await shopThatWorks();
      proxy.slow(milliseconds);
      try {
        await cacheIs('down');
        expect(await pay(before)).toBe(200);
        await shopThatWorks();
      } finally {
        proxy.slow(0);
      }
      await cacheIs('up');
      await shopThatWorks();
    },
  );

  it('after a failover the service connects to the new primary', async () => {
    await cacheIs('up');
    proxy.redirect(other.connection);
    await administrator.sendCommand(['REPLICAOF', '127.0.0.1', '1']);
    try {
      await cacheIs('up');
      const key = await shopThatWorks();
      const client = await clientOf(other.connection);
      expect(await client.keys('appmax_checkout_merchant_token:*')).toHaveLength(1);
      await client.disconnect();
      expect(key).toBeTruthy();
    } finally {
      await administrator.sendCommand(['REPLICAOF', 'NO', 'ONE']);
    }
  });

  it('a connection that dies silently is replaced', async () => {
    await cacheIs('up');
    proxy.silence();
    await shopThatWorks();
    await cacheIs('up');
    await shopThatWorks();
  });
});

describe('A Redis behind TLS', () => {
  const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-tls-'));
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  let database: TestDatabase;
  let redis: TestServer<RedisConnection>;
  let tlsPort: number;

  const cacheWith = async (variables: Record<string, string>): Promise<unknown> => {
    const service = await startService({
      ...database.environment,
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(tlsPort),
      REDIS_PASSWORD: redis.connection.password,
      REDIS_DB: '0',
      ...variables,
    });
    try {
      let row: unknown;
      for (let attempt = 0; attempt < 20 && row !== 'up'; attempt += 1)
        row = (await service.send('GET', '/health/ready')).body['cache'];
      return row;
    } finally {
      await service.stop();
    }
  };

  beforeAll(async () => {
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=redis'].concat([
        '-addext',
        'subjectAltName=IP:127.0.0.1',
        '-keyout',
        key,
        '-out',
        certificate,
      ]),
      { stdio: 'ignore' },
    );
    tlsPort = await freePort();
    [database, redis] = await Promise.all([
      createDatabase(),
      startRedis(
        undefined,
        ['--tls-port', String(tlsPort), '--tls-auth-clients', 'no', '--tls-cert-file', certificate].concat([
          '--tls-key-file',
          key,
          '--tls-ca-cert-file',
          certificate,
        ]),
      ),
    ]);
  });

  afterAll(async () => {
    await Promise.all([database.drop(), redis.stop()]);
    rmSync(directory, { recursive: true });
  });

  it('the cache works with REDIS_TLS and the file of the authority', async () => {
    expect(await cacheWith({ REDIS_TLS: 'on', REDIS_TLS_CA: certificate })).toBe('up');
  });

  it.each([
    { REDIS_TLS: 'on' },
    { REDIS_TLS: 'off' },
    { REDIS_TLS: 'on', REDIS_HOST: 'localhost', REDIS_TLS_CA: certificate },
  ])(
    'the cache is down with %j: the certificate is not trusted, TLS is missing, or the host name is another one',
    async (variables) => {
      expect(await cacheWith(variables)).toBe('down');
    },
  );
});

describe('A cache in memory', () => {
  it('the modules of the service load no client of Redis by themselves', () => {
    const service = JSON.stringify(join(__dirname, '..', 'dist', 'src', 'app.setup.js'));
    const script = `require(${service}); console.log(JSON.stringify(Object.keys(require.cache)));`;
    const loaded = JSON.parse(
      execFileSync(process.execPath, ['-e', script], { cwd: tmpdir(), encoding: 'utf8' }),
    ) as string[];
    const ofPackage = (name: string): number =>
      loaded.filter((path) => path.replaceAll('\\', '/').includes(`/node_modules/${name}/`)).length;
    expect(ofPackage('pg')).toBeGreaterThan(0);
    expect(['@redis', 'redis', 'cache-manager-redis-yet'].map(ofPackage)).toEqual([0, 0, 0]);
  });
});
