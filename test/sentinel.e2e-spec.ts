import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import {
  endWithTests,
  freePort,
  type RedisConnection,
  startRedis,
  stopChild,
  type TestServer,
} from './support/servers';
import { startService, type TestService } from './support/service';

const MASTER = 'checkout';
/** The Sentinel sees the failure after 1 s; the service asks it after each failed connection. */
const FAILOVER_SECONDS = 30;

describe('A Redis behind Sentinels', () => {
  let directory: string;
  let database: TestDatabase;
  let master: TestServer<RedisConnection>;
  let replica: TestServer<RedisConnection>;
  let sentinel: ChildProcess;
  let sentinelPort: number;
  let service: TestService;

  const askSentinel = async (): Promise<number> => {
    const client = createClient({
      socket: { host: '127.0.0.1', port: sentinelPort, reconnectStrategy: false },
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const [, port] = await client.sendCommand<string[]>(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', MASTER]);
      return Number(port);
    } finally {
      await client.disconnect();
    }
  };
  const cacheIs = (row: 'up' | 'down', seconds = FAILOVER_SECONDS): Promise<void> =>
    eventually(async () => {
      expect((await service.send('GET', '/health/ready')).body['cache']).toBe(row);
    }, seconds);

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-sentinel-'));
    [database, master] = await Promise.all([createDatabase(), startRedis(undefined, ['--dir', directory])]);
    const { host, port, password } = master.connection;
    replica = await startRedis({ host, password, port: 0 }, [
      '--dir',
      directory,
      '--replicaof',
      `${host} ${port}`,
      '--masterauth',
      password,
    ]);
    sentinelPort = await freePort();
    const file = join(directory, 'sentinel.conf');
    writeFileSync(
      file,
      [
        `port ${sentinelPort}`,
        'bind 127.0.0.1',
        `dir ${directory}`,
        `sentinel monitor ${MASTER} ${host} ${port} 1`,
        `sentinel auth-pass ${MASTER} ${password}`,
        `sentinel down-after-milliseconds ${MASTER} 1000`,
        `sentinel failover-timeout ${MASTER} 5000`,
      ].join('\n'),
    );
    sentinel = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
    endWithTests(sentinel);
    await eventually(async () => {
      expect(await askSentinel()).toBe(port);
    }, 10);
    service = await startService({
      ...database.environment,
      REDIS_HOST: 'nothing.invalid',
      REDIS_SENTINELS: `127.0.0.1:9,127.0.0.1:${sentinelPort}`,
      REDIS_SENTINEL_MASTER: MASTER,
      REDIS_PASSWORD: password,
      REDIS_DB: '0',
    });
  });

  afterAll(async () => {
    await service.stop();
    await stopChild(sentinel, 'SIGKILL');
    await Promise.all([master.stop(), replica.stop(), database.drop()]);
    rmSync(directory, { recursive: true, force: true });
  });

  it('the service uses the master that the Sentinels name, and the new one after the master has ended', async () => {
    await cacheIs('up');
    // Sentinel knows the replica only after it has asked the master for it.
    await eventually(async () => {
      const client = createClient({
        socket: { host: '127.0.0.1', port: sentinelPort, reconnectStrategy: false },
      });
      await client.connect();
      const replicas = await client.sendCommand<unknown[]>(['SENTINEL', 'REPLICAS', MASTER]);
      await client.disconnect();
      expect(replicas).toHaveLength(1);
    }, 20);
    await master.stop();
    await cacheIs('down', 5);
    await eventually(async () => {
      expect(await askSentinel()).toBe(replica.connection.port);
    }, FAILOVER_SECONDS);
    await cacheIs('up');
  });
});
