import { DataSource } from 'typeorm';
import { parseConfig } from '../src/config/config';
import { dataSourceOptions } from '../src/database/data-source-options';
import { migrate } from '../src/database/migrate';
import { runCommand } from './support/command';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { baseEnvironment, exitCodeOf, launchService, SECRET_KEY, spawnService } from './support/service';
import { CUSTOMER, ORDER } from './support/shop';

const NOT_MIGRATED = 'The database is not migrated: ';
const optionsOf = (database: TestDatabase) =>
  dataSourceOptions(parseConfig({ ...baseEnvironment(), ...database.environment }).database);

describe('A database that is not migrated', () => {
  it.each([
    ['empty', { migrated: false }, 0],
    ['one migration behind', { migrated: true }, 1],
    ['three migrations behind', { migrated: true }, 3],
  ])(
    'a service on a database that is %s says so in one line, answers 503 not_ready, and works after the migration',
    async (_, kind, undone) => {
      const database = await createDatabase(kind);
      const dataSource = await new DataSource(optionsOf(database)).initialize();
      for (let left = undone; left > 0; left -= 1) await dataSource.undoLastMigration();
      await dataSource.destroy();
      const service = await spawnService({ ...database.environment, LOG_LEVEL: 'info' });
      const status = async (method: string, path: string, body?: unknown) => {
        const answer = await service.send(method, path, { body, secretKey: SECRET_KEY });
        return [answer.status, answer.body['code']];
      };
      try {
        const order = { customer: CUSTOMER, order: ORDER };
        expect(await status('POST', '/checkout/shop/order', order)).toEqual([503, 'not_ready']);
        expect(await status('GET', '/checkout/shop/status/1')).toEqual([503, 'not_ready']);
        expect(await status('POST', '/webhooks/appmax', { event: 'x' })).toEqual([503, 'not_ready']);
        expect(await status('GET', '/admin/orders')).toEqual([503, 'not_ready']);
        for (const path of ['/', '/health', '/docs', '/openapi.json', '/metrics'])
          expect((await status('GET', path))[0]).toBe(200);
        const ready = await service.send('GET', '/health/ready');
        expect([ready.status, ready.body['migrations'], ready.body['background']]).toEqual([
          503,
          'pending',
          'running',
        ]);
        // The background work waits: nothing but the one line is an error.
        const errors = service
          .output()
          .split('\n')
          .filter((line) => line.includes('"level":"error"') && !line.includes('"res":'));
        expect(errors).toEqual([expect.stringContaining(NOT_MIGRATED)]);
        expect(errors[0]).toContain('npm run typeorm migration:run');

        await migrate(optionsOf(database));
        await eventually(async () => {
          expect(await status('GET', '/admin/orders')).toEqual([200, undefined]);
        });
        expect(await status('POST', '/webhooks/appmax', { event: 'x' })).toEqual([200, undefined]);
        expect(service.output()).toContain('The database is migrated now');
      } finally {
        await service.stop();
        await database.drop();
      }
    },
  );

  it('a command says that the database is not migrated and what to run', async () => {
    const database = await createDatabase({ migrated: false });
    try {
      const { code, output } = await runCommand('reconcile-orders', [], {
        ...database.environment,
        LOG_LEVEL: 'silent',
      });
      expect(code).toBe(1);
      expect(output).toMatch(/^The database is not migrated: .*migration:run.*$/m);
    } finally {
      await database.drop();
    }
  });
});

describe('A migration that fails', () => {
  it.each([
    ['a table that is in the way', 'CREATE TABLE orders (id int)', 'CreateOrdersTable1773360000002'],
    ['a type that is in the way', 'CREATE TYPE operation_kind AS ENUM ()', 'CreateOperationsTable'],
    [
      'another table that is in the way',
      'CREATE TABLE installation_starts (id int)',
      'CreateInstallationStartsTable',
    ],
  ])('a start that fails because of %s is called a failed migration, once', async (_, obstacle, name) => {
    const database = await createDatabase({ migrated: false });
    try {
      await database.query(obstacle);
      const service = await launchService({
        ...database.environment,
        RUN_MIGRATIONS: 'true',
        LOG_LEVEL: 'info',
      });
      expect(await exitCodeOf(service.child)).toBe(1);
      expect(service.output()).toContain(`The migration ${name}`);
      expect(service.output()).toMatch(/failed: .*already exists/);
      expect(service.output()).not.toContain('Unable to connect');
    } finally {
      await database.drop();
    }
  });
});
