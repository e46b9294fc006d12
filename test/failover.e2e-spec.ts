import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { parseConfig } from '../src/config/config';
import { dataSourceOptions } from '../src/database/data-source-options';
import { eventually } from './support/eventually';
import { type PostgresPair, startPostgresPair } from './support/postgres-pair';
import { baseEnvironment } from './support/service';
import { startSystem, type TestSystem } from './support/system';

describe('A PostgreSQL primary that crashes', () => {
  let pair: PostgresPair;
  let system: TestSystem;

  beforeAll(async () => {
    pair = await startPostgresPair();
    system = await startSystem({ PAYMENT_SETTLE_SECONDS: '5' }, pair.database);
  });

  afterAll(async () => {
    await system.stop();
  });

  it('an old primary that comes back gets no connection of the instances that know the new one', async () => {
    const servers = async (): Promise<string[]> => {
      const rows = await pair.database.query<{ port: number }>(
        `SELECT count(*)::int AS count, current_setting('port') AS port FROM pg_stat_activity
         WHERE application_name = 'appmax-checkout'`,
      );
      return rows.map(({ port }) => String(port));
    };
    pair.crashPrimary();
    await sleep(500);
    await pair.promoteStandby();
    const old = await pair.restartOldPrimary();
    expect(await servers()).not.toContain(String(old.port));
    await eventually(async () => {
      for (const service of system.services)
        expect((await service.send('GET', '/health/ready')).status).toBe(200);
    }, 20);
    // Without knowledge of the past, the higher timeline decides.
    const { database } = parseConfig({ ...baseEnvironment(), ...pair.database.environment });
    const dataSource = await new DataSource(dataSourceOptions(database)).initialize();
    try {
      const [row] = await dataSource.query<{ port: string }[]>("SELECT current_setting('port') AS port");
      expect(await servers()).toEqual([row!.port]);
    } finally {
      await dataSource.destroy();
    }
  });
});
