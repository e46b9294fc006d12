import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { parseConfig } from '../src/config/config';
import { dataSourceOptions, withoutQueryTimeout } from '../src/database/data-source-options';
import { poolOf } from '../src/database/pool/watch-pool';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { baseEnvironment, startService } from './support/service';
import { type SilentProxy, startSilentProxy } from './support/silent-proxy';

const TIMEOUT_SECONDS = 1;
/** The query timeout, the second that the service waits beyond it, and a margin for a busy machine. */
const LONGEST_MILLISECONDS = 4_000;
const CONNECTIONS = 3;

describe('Connections to PostgreSQL', () => {
  let database: TestDatabase;
  let proxy: SilentProxy;
  let dataSource: DataSource;
  let environment: Record<string, string>;

  const options = () => dataSourceOptions(parseConfig({ ...baseEnvironment(), ...environment }).database);
  const processId = async (sql = 'SELECT pg_backend_pid() AS id'): Promise<number> =>
    (await dataSource.query<{ id: number }[]>(sql))[0]!.id;
  /** Uses all connections of the pool at the same time, for 0.1 s each. */
  const useConnections = () =>
    Promise.all(
      Array.from({ length: CONNECTIONS }, () => processId('SELECT pg_backend_pid() AS id, pg_sleep(0.1)')),
    );

  beforeEach(async () => {
    database = await createDatabase();
    const { DB_HOST: host, DB_PORT: port } = database.environment;
    proxy = await startSilentProxy({ host: host!, port: Number(port) });
    environment = {
      ...database.environment,
      DB_HOST: '127.0.0.1',
      DB_PORT: String(proxy.port),
      DB_MAX_OPEN_CONNS: String(CONNECTIONS),
      DB_MAX_IDLE_CONNS: String(CONNECTIONS),
      DB_QUERY_TIMEOUT: String(TIMEOUT_SECONDS),
    };
    dataSource = await new DataSource(options()).initialize();
  });

  afterEach(async () => {
    await dataSource.destroy();
    await proxy.stop();
    await database.drop();
  });

  it('dead connections fail their queries in time and are replaced', async () => {
    const before = await useConnections();
    expect(new Set(before).size).toBe(CONNECTIONS);
    proxy.silence();
    const startedAt = performance.now();
    const outcomes = await Promise.allSettled(before.map(() => processId()));
    expect(performance.now() - startedAt).toBeLessThan(LONGEST_MILLISECONDS);
    expect(outcomes.map(({ status }) => status)).toEqual(before.map(() => 'rejected'));
    const after = await useConnections();
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    await eventually(() => {
      expect([poolOf(dataSource).totalCount, proxy.openConnections()]).toEqual([CONNECTIONS, CONNECTIONS]);
      return Promise.resolve();
    });
  });

  it('a connection that dies in a transaction ends it, and the next transaction works', async () => {
    const startedAt = performance.now();
    const insert = "INSERT INTO webhook_events (event, event_type, payload) VALUES ('lost', 'order', '{}')";
    const broken = dataSource.transaction(async (manager) => {
      await manager.query(insert);
      proxy.silence();
      await manager.query(insert);
    });
    await expect(broken).rejects.toThrow('Query read timeout');
    expect(performance.now() - startedAt).toBeLessThan(LONGEST_MILLISECONDS);
    await dataSource.transaction((manager) => manager.query('SELECT 1'));
    expect(await dataSource.query("SELECT id FROM webhook_events WHERE event = 'lost'")).toEqual([]);
  });

  it('a connection is kept when PostgreSQL itself ends a slow query', async () => {
    const before = await processId();
    await expect(dataSource.query('SELECT pg_sleep(30)')).rejects.toThrow('statement timeout');
    expect(await processId()).toBe(before);
  });

  it('migrations have no query timeout', async () => {
    const migrating = await new DataSource(withoutQueryTimeout(options())).initialize();
    try {
      const rows = await migrating.query<{ limit: string }[]>(
        `SELECT current_setting('statement_timeout') AS limit FROM pg_sleep(${TIMEOUT_SECONDS + 2})`,
      );
      expect(rows).toEqual([{ limit: '0' }]);
    } finally {
      await migrating.destroy();
    }
  });

  it('a service that starts waits without a timeout for another one that migrates', async () => {
    // The lock of src/database/migrate.ts, as if another service held it.
    await database.query('SELECT pg_advisory_lock(712026031)');
    let isUp = false;
    const starting = startService({ ...environment, RUN_MIGRATIONS: 'true' });
    const settled = starting.then(() => (isUp = true));
    await sleep((TIMEOUT_SECONDS + 3) * 1_000);
    expect(isUp).toBe(false);
    await database.query('SELECT pg_advisory_unlock(712026031)');
    await settled;
    const service = await starting;
    expect((await service.send('GET', '/health/ready')).body['database']).toBe('up');
    await service.stop();
  });
});
