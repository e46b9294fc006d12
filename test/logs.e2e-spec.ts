import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { type ServiceProcess, spawnService } from './support/service';

const LOGGING = join(__dirname, '..', 'dist', 'src', 'logging', 'index.js');
const LINES = 5_000;

/** Runs a program that writes many lines and then ends in some way. @returns what it wrote to standard output. */
async function outputOf(ending: string): Promise<string> {
  const program = `
    const { lines } = require(${JSON.stringify(LOGGING)})
      .openLog({ appName: 'test', logLevel: 'info', environment: 'test' });
    for (let line = 1; line <= ${LINES}; line += 1) lines.log('line ' + line, 'Test');
    ${ending}`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return output;
}

describe('The log', () => {
  it.each([
    ['is told to', 'process.exit(1)'],
    ['throws an error that nothing catches', "setTimeout(() => { throw new Error('a crash'); }, 0)"],
    ['rejects a promise that nothing catches', "void Promise.reject(new Error('a crash'))"],
    ['has nothing left to do', ''],
  ])('no line is lost when the process ends because it %s', async (_, ending) => {
    const written = (await outputOf(ending)).trimEnd().split('\n');
    expect(written).toHaveLength(LINES);
    expect(JSON.parse(written.at(-1) ?? '')).toMatchObject({ msg: `line ${LINES}`, context: 'Test' });
  });

  describe('of a service', () => {
    let database: TestDatabase;
    const services: ServiceProcess[] = [];

    beforeAll(async () => {
      database = await createDatabase();
    });

    afterAll(async () => {
      await Promise.all(services.map((service) => service.stop()));
      await database.drop();
    });

    const start = async (level: string): Promise<ServiceProcess> => {
      // A background loop may fail, too, while a table is missing.
      const service = await spawnService({
        ...database.environment,
        LOG_LEVEL: level,
        BACKGROUND_WORK: 'off',
      });
      services.push(service);
      return service;
    };

    const linesOf = (service: ServiceProcess): Record<string, unknown>[] =>
      service
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);

    it('each request is one line with its id, method, masked path, status and duration', async () => {
      const service = await start('info');
      const headers = { 'x-request-id': 'the-request' };
      await service.send('GET', '/checkout/maria@example.com/status/1?order_token=secret', { headers });
      await eventually(() => {
        const lines = linesOf(service).filter(
          ({ req }) => (req as { id?: string } | undefined)?.id === 'the-request',
        );
        expect(lines).toEqual([
          expect.objectContaining({
            level: 'info',
            time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
            req: { id: 'the-request', method: 'GET', path: '/checkout/m…@example.com/status/1' },
            res: { statusCode: 404 },
            responseTime: expect.any(Number) as number,
            msg: 'GET /checkout/m…@example.com/status/1 404',
          }),
        ]);
        return Promise.resolve();
      });
      expect(service.output()).not.toContain('secret');
    });

    it('with the level error, a request that succeeds writes nothing, and one that fails its id', async () => {
      const service = await start('error');
      await service.send('GET', '/health', { headers: { 'x-request-id': 'a-success' } });
      await database.query('ALTER TABLE orders RENAME TO hidden');
      await service.send('GET', '/checkout/shop/status/1', { headers: { 'x-request-id': 'a-failure' } });
      await database.query('ALTER TABLE hidden RENAME TO orders');
      await eventually(() => {
        const failure = linesOf(service).map(({ req, msg, err }) => [
          (req as { id?: string } | undefined)?.id,
          msg !== undefined && err === undefined ? 'request' : 'error',
        ]);
        expect(failure).toEqual([
          ['a-failure', 'error'],
          ['a-failure', 'request'],
        ]);
        return Promise.resolve();
      });
    });
  });
});
