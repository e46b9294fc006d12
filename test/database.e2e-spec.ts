import { execFile } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DataSource } from 'typeorm';
import { parseConfig } from '../src/config/config';
import { dataSourceOptions } from '../src/database/data-source-options';
import { attachEmbeddedPostgres } from '../src/embedded-postgres/embedded-postgres';
import { REFERENCE_CONSTRAINTS, REFERENCE_TABLES } from './fixtures/reference-tables';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { stopChild } from './support/servers';
import {
  baseEnvironment,
  exitCodeOf,
  launchService,
  type ServiceProcess,
  spawnService,
  startService,
} from './support/service';

const run = promisify(execFile);
const PROJECT = join(__dirname, '..');

const MIGRATIONS = [
  'CreateInstallationsTable1773360000001',
  'CreateOrdersTable1773360000002',
  'CreateWebhookEventsTable1773360000003',
];

/** Opens the service's data source on a database. */
function dataSourceOf({ environment }: TestDatabase): Promise<DataSource> {
  const config = parseConfig({ ...baseEnvironment(), ...environment });
  return new DataSource(dataSourceOptions(config.database)).initialize();
}

describe('The schema', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createDatabase();
    dataSource = await dataSourceOf(database);
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it.each(Object.keys(REFERENCE_TABLES))(
    'the table %s has exactly the columns of the reference',
    async (table) => {
      const columns = await database.query<{
        name: string;
        type: string;
        nullable: boolean;
        default: string | null;
      }>(
        `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, NOT attnotnull AS nullable,
              pg_get_expr(adbin, adrelid) AS default
       FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
        [table],
      );
      expect(columns.map(({ name, ...column }) => [name, column])).toEqual(
        Object.entries(REFERENCE_TABLES[table]!),
      );
    },
  );

  it.each(Object.entries(REFERENCE_CONSTRAINTS))(
    'the table %s has the constraints of the reference',
    async (table, expected) => {
      const constraints = await database.query<{ definition: string }>(
        'SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = $1::regclass',
        [table],
      );
      expect(constraints.map(({ definition }) => definition).sort()).toEqual(expected);
    },
  );

  it('the schema matches the entities: there is no migration to generate', async () => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('created_at and updated_at default to UTC in a session of any time zone', async () => {
    await database.query("SET timezone = 'America/Sao_Paulo'");
    const [row] = await database.query<{ seconds: number }>(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ('in-sao-paulo', 'app', 'id', 'secret', $1)
       RETURNING extract(epoch FROM now() AT TIME ZONE 'UTC' - created_at)::int AS seconds`,
      [randomUUID()],
    );
    await database.query('RESET timezone');
    expect(row).toEqual({ seconds: 0 });
  });
});

describe('Migrations on the command line', () => {
  it('migrations can be shown, run and reverted with the documented commands', async () => {
    const database = await createDatabase({ migrated: false });
    const npm = async (...args: string[]): Promise<string> => {
      const environment = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...database.environment };
      const { stdout } = await run('npm', ['run', 'typeorm', ...args], { cwd: PROJECT, env: environment });
      return stdout;
    };
    const recorded = async (): Promise<string[]> =>
      (await database.query<{ name: string }>('SELECT name FROM migrations ORDER BY id')).map(
        ({ name }) => name,
      );
    try {
      expect(await npm('migration:show')).toContain(`[ ] ${MIGRATIONS[0]!}`);
      await npm('migration:run');
      const all = await recorded();
      expect(all.slice(0, 3)).toEqual(MIGRATIONS);
      expect(await npm('migration:show')).toContain(`[X] 1 ${MIGRATIONS[0]!}`);
      await npm('migration:revert');
      expect(await recorded()).toEqual(all.slice(0, -1));
      // The others are reverted without npm, which is slow.
      const dataSource = await dataSourceOf(database);
      for (let left = all.length - 1; left > 0; left -= 1) await dataSource.undoLastMigration();
      await dataSource.destroy();
      expect(await recorded()).toEqual([]);
      const tables = await database.query(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations'",
      );
      const functions = await database.query(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
      );
      expect([tables, functions]).toEqual([[], []]);
    } finally {
      await database.drop();
    }
  }, 240_000);
});

describe('The start of a service', () => {
  it('two services that start at once on an empty database migrate it once', async () => {
    const database = await createDatabase({ migrated: false });
    const environment = { ...database.environment, APP_ENV: 'local', LOG_LEVEL: 'info' };
    const services = await Promise.all([spawnService(environment), spawnService(environment)]);
    try {
      const migrated = services.map((service) => service.output().split('"Migrated: ').length - 1);
      expect(migrated.sort()).toEqual([0, 1]);
      for (const service of services) {
        expect((await service.send('GET', '/health/ready')).body).toEqual({
          status: 'ok',
          database: 'up',
          migrations: 'up to date',
          cache: 'up',
          background: 'running',
        });
      }
    } finally {
      await Promise.all(services.map((service) => service.stop()));
      await database.drop();
    }
  });

  it('a service that may not migrate reports that migrations are pending', async () => {
    const database = await createDatabase({ migrated: false });
    const service = await startService(database.environment);
    try {
      await eventually(async () => {
        const answer = await service.send('GET', '/health/ready');
        expect([answer.status, answer.body['migrations']]).toEqual([503, 'pending']);
      });
    } finally {
      await service.stop();
      await database.drop();
    }
  });

  it('a service reports all errors of its environment at once, without secrets', async () => {
    const service = await launchService({
      DB_CONNECTION: 'mysql',
      APP_PORT: '99999',
      REDIS_DB: 'x',
      DB_PASSWORD: 'hunter2',
    });
    expect(await exitCodeOf(service.child)).toBe(1);
    for (const variable of ['DB_CONNECTION', 'APP_PORT', 'REDIS_DB'])
      expect(service.output()).toContain(variable);
    expect(service.output()).not.toContain('hunter2');
  });

  it('a service reports clearly that its port is in use', async () => {
    const database = await createDatabase();
    const first = await startService(database.environment);
    const second = await launchService({ ...database.environment, APP_PORT: new URL(first.url).port });
    try {
      expect(await exitCodeOf(second.child)).toBe(1);
      expect(second.output()).toMatch(/Port \d+ is taken by another program: stop it, or set APP_PORT/);
    } finally {
      await first.stop();
      await database.drop();
    }
  });

  it('services in different time zones store the same instants', async () => {
    const database = await createDatabase();
    const [row] = await database.query<{ id: string }>(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ('shop', 'app', 'id', 'secret', $1) RETURNING id`,
      [randomUUID()],
    );
    const service = await spawnService({
      ...database.environment,
      WEBHOOK_VERIFICATION: 'none',
      TZ: 'America/Sao_Paulo',
    });
    try {
      const orderId = randomInt(1, 1_000_000);
      await database.query(
        'INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id) VALUES ($1, 1, $2)',
        [row!.id, orderId],
      );
      await service.send('POST', '/webhooks/appmax', {
        body: { event: 'OrderPaid', data: { order_id: orderId } },
      });
      const [age] = await database.query(
        `SELECT abs(extract(epoch FROM now() AT TIME ZONE 'UTC' - updated_at)) < 60 AS order,
                abs(extract(epoch FROM now() AT TIME ZONE 'UTC' - e.created_at)) < 60 AS event,
                abs(extract(epoch FROM now() AT TIME ZONE 'UTC' - processed_at)) < 60 AS processed
         FROM orders o JOIN webhook_events e USING (appmax_order_id)`,
      );
      expect(age).toEqual({ order: true, event: true, processed: true });
    } finally {
      await service.stop();
      await database.drop();
    }
  });
});

describe('The embedded PostgreSQL', () => {
  let directory: string;
  let environment: Record<string, string>;
  let services: ServiceProcess[];

  beforeAll(() => {
    // Only this user may open the directory: the PostgreSQL that root starts as another user must still work.
    directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-embedded-'));
    environment = {
      APP_ENV: 'local',
      DB_CONNECTION: 'embedded',
      DB_DATA_DIR: join(directory, 'data'),
      CACHE_DRIVER: 'memory',
    };
  });

  beforeEach(() => {
    services = [];
  });

  afterEach(async () => {
    await Promise.all(services.map((service) => service.stop()));
  });

  afterAll(async () => {
    const { dataDirectory, stop } = await attachEmbeddedPostgres({
      dataDirectory: environment['DB_DATA_DIR']!,
      username: 'appmax',
      database: 'appmax_checkout',
    });
    await stop();
    rmSync(dataDirectory, { recursive: true, force: true });
    rmSync(directory, { recursive: true, force: true });
  });

  const start = async (): Promise<ServiceProcess> => {
    const service = await spawnService(environment);
    services.push(service);
    return service;
  };

  const deliver = async (service: ServiceProcess, orderId: number): Promise<string> => {
    const body = { event: 'OrderPaid', data: { order_id: orderId } };
    return (await service.send('POST', '/webhooks/appmax', { body })).body['message'] as string;
  };

  it('the embedded PostgreSQL keeps its data between starts and stops with the process', async () => {
    const first = await start();
    expect(await deliver(first, 1)).toBe('ok');
    await first.stop();
    expect(first.child.exitCode).toBe(0);
    expect(existsSync(join(environment['DB_DATA_DIR']!, 'owner.json'))).toBe(false);
    const second = await start();
    expect(await deliver(second, 1)).toBe('already processed');
  });

  it('the embedded PostgreSQL recovers all acknowledged data after its process was killed', async () => {
    const killed = await start();
    expect(await deliver(killed, 2)).toBe('ok');
    await stopChild(killed.child, 'SIGKILL');
    const next = await start();
    expect(await deliver(next, 2)).toBe('already processed');
  });

  it('a second process does not start and reports which process uses the data', async () => {
    const first = await start();
    const second = await launchService(environment);
    expect(await exitCodeOf(second.child)).toBe(1);
    expect(second.output()).toContain(`is in use by process ${first.child.pid ?? 0}`);
    expect(await deliver(first, 3)).toBe('ok');
  });

  it('the migration commands use the embedded PostgreSQL of a running service', async () => {
    const service = await start();
    const { stdout } = await run('npm', ['run', 'typeorm', 'migration:show'], {
      cwd: PROJECT,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    });
    expect(stdout).toContain(`[X] 1 ${MIGRATIONS[0]!}`);
    await eventually(async () => {
      expect((await service.send('GET', '/health/ready')).status).toBe(200);
    });
  });
});
