import { loopWatchdog } from '../src/common/loop-watchdog';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import type { TestService } from './support/service';
import { startServiceInTest } from './support/service-in-test';

describe('Background work', () => {
  let database: TestDatabase;
  let service: TestService;

  beforeAll(async () => {
    database = await createDatabase();
    service = await startServiceInTest(database.environment);
    await eventually(async () => {
      expect((await service.send('GET', '/health/ready')).status).toBe(200);
    });
  });

  afterAll(async () => {
    await service.stop();
    await database.drop();
  });

  it('a stalled background loop makes the service not ready', async () => {
    const stalled = jest.spyOn(loopWatchdog, 'stalled').mockReturnValue(['SyncScheduler']);
    try {
      const answer = await service.send('GET', '/health/ready');
      expect([answer.status, answer.body]).toEqual([
        503,
        {
          status: 'unavailable',
          database: 'up',
          migrations: 'up to date',
          cache: 'up',
          background: 'stalled',
        },
      ]);
    } finally {
      stalled.mockRestore();
    }
    expect((await service.send('GET', '/health/ready')).body['background']).toBe('running');
  });

  it('a service that stops ends the watch of its own loops, not of those of another service', async () => {
    const watched = loopWatchdog.size;
    expect(watched).toBeGreaterThan(0);
    const other = await startServiceInTest(database.environment);
    expect(loopWatchdog.size).toBe(watched * 2);
    await other.stop();
    expect(loopWatchdog.size).toBe(watched);
  });
});
