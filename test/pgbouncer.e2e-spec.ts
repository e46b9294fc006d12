import { SimulatorControl } from '../simulator/control-client';
import { createDatabase, type TestDatabase } from './support/database';
import { openStream } from './support/event-stream';
import { eventually } from './support/eventually';
import { HAS_PGBOUNCER, startPgBouncer } from './support/pgbouncer';
import { exitCodeOf, launchService, SECRET_KEY, type ServiceProcess, spawnService } from './support/service';
import { CPF, CUSTOMER, install, ORDER } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';

const IGNORED = { ignore_startup_parameters: 'extra_float_digits,options,statement_timeout' };

/** Without `pgbouncer` on the PATH these specs are skipped. */
(HAS_PGBOUNCER ? describe : describe.skip)('A database behind PgBouncer', () => {
  let simulator: TestSimulator;
  let database: TestDatabase;
  let direct: Record<string, string>;
  let name: string;

  beforeAll(async () => {
    simulator = await startSimulator();
  });

  afterAll(() => simulator.stop());

  beforeEach(async () => {
    database = await createDatabase({ migrated: false });
    const { DB_HOST, DB_PORT, DB_DATABASE } = database.environment;
    direct = { DB_LISTEN_HOST: DB_HOST!, DB_LISTEN_PORT: DB_PORT! };
    name = DB_DATABASE!;
    await database.query(`ALTER DATABASE ${name} SET timezone = 'America/Sao_Paulo'`);
  });

  afterEach(() => database.drop());

  /** Installs a shop, sells to it by Pix, and expects the stream to send the payment. */
  const sell = async (service: ServiceProcess): Promise<void> => {
    await install(service, simulator, 'shop');
    const pix = await service.send('POST', '/checkout/shop/pay/pix', {
      body: { customer: CUSTOMER, order: ORDER, document_number: CPF },
    });
    expect(pix.status).toBe(200);
    const orderId = Number(pix.body['order_id']);
    const stream = await openStream(`${service.url}/checkout/shop/status/${orderId}/stream`);
    await new SimulatorControl(simulator.url).act(orderId, 'pay');
    await eventually(() => {
      expect(stream.events.at(-1)?.status).toBe('aprovado');
      return Promise.resolve();
    });
    stream.close();
    const { body } = await service.send('GET', '/admin/installations', { secretKey: SECRET_KEY });
    const [shop] = body['data'] as { installed_at: string }[];
    expect(Math.abs(Date.parse(shop!.installed_at) - Date.now())).toBeLessThan(60 * 60_000);
  };

  it.each<[string, string, Record<string, string>, boolean]>([
    ['session', 'PgBouncer as it is by default', {}, false],
    ['session', 'ignored startup parameters', IGNORED, false],
    ['transaction', 'PgBouncer as it is by default', {}, true],
    ['transaction', 'ignored startup parameters', IGNORED, true],
  ])('in %s mode with %s the service migrates, sells and streams', async (mode, _, settings, needsDirect) => {
    const pooler = await startPgBouncer(database.environment, { pool_mode: mode, ...settings });
    const service = await spawnService({
      ...pooler.environment,
      ...simulator.environment,
      ...(needsDirect ? direct : {}),
      RUN_MIGRATIONS: 'true',
      LOG_LEVEL: 'info',
    });
    try {
      expect(service.output()).toContain(`through a pooler in ${mode} mode`);
      expect(service.output()).not.toContain('DB_LISTEN_HOST');
      await sell(service);
    } finally {
      await service.stop();
      await pooler.stop();
    }
  });

  it('migrations also run through a pooler in transaction mode, and what does not work is said', async () => {
    const pooler = await startPgBouncer(database.environment, { pool_mode: 'transaction' });
    const variables = { ...pooler.environment, RUN_MIGRATIONS: 'true', LOG_LEVEL: 'info' };
    const services = await Promise.all([spawnService(variables), spawnService(variables)]);
    try {
      const outputs = services.map((service) => service.output());
      expect(outputs.filter((output) => output.includes('"Migrated: '))).toHaveLength(1);
      expect(outputs[0]).toContain('set DB_LISTEN_HOST and DB_LISTEN_PORT');
      expect(outputs[0]).toContain("SET statement_timeout = '15s'");
    } finally {
      await Promise.all(services.map((service) => service.stop()));
      await pooler.stop();
    }
  });

  it.each<
    [string, Record<string, string>, (pooler: Record<string, string>) => Record<string, string>, string]
  >([
    ['without a direct address', {}, () => ({}), 'set DB_LISTEN_HOST and DB_LISTEN_PORT'],
    [
      "with the pooler's address as the direct one",
      // Migrations use the direct address, and take it for PostgreSQL.
      IGNORED,
      ({ DB_HOST, DB_PORT }) => ({ DB_LISTEN_HOST: DB_HOST!, DB_LISTEN_PORT: DB_PORT! }),
      "Notifications of PostgreSQL don't arrive",
    ],
    ['with connections in turn', { server_round_robin: '1' }, () => direct, 'in transaction mode'],
  ])(
    'in transaction mode %s, the service says what it found, and streams work',
    async (_, settings, variables, line) => {
      const pooler = await startPgBouncer(database.environment, { pool_mode: 'transaction', ...settings });
      const service = await spawnService({
        ...pooler.environment,
        ...simulator.environment,
        // A payment right after an earlier read of its order is read at once.
        APPMAX_ORDER_READ_INTERVAL: '0',
        ...variables(pooler.environment),
        RUN_MIGRATIONS: 'true',
        LOG_LEVEL: 'info',
      });
      try {
        expect(service.output()).toContain('through a pooler in transaction mode');
        expect(service.output()).toContain(line);
        await sell(service);
      } finally {
        await service.stop();
        await pooler.stop();
      }
    },
  );

  it('another schema works in session mode, and in transaction mode as a setting of the role', async () => {
    await database.query('CREATE SCHEMA checkout');
    const variables = { ...simulator.environment, ...direct, DB_SCHEMA: 'checkout', RUN_MIGRATIONS: 'true' };
    const session = await startPgBouncer(database.environment, { pool_mode: 'session', ...IGNORED });
    const transaction = await startPgBouncer(database.environment, { pool_mode: 'transaction', ...IGNORED });
    try {
      const inSession = await spawnService({ ...variables, ...session.environment });
      await sell(inSession);
      await inSession.stop();
      const refused = await launchService({ ...variables, ...transaction.environment });
      expect(await exitCodeOf(refused.child)).toBe(1);
      const [, statement] = /DB_SCHEMA\. Run: (ALTER ROLE [^\n]+)\n/.exec(refused.output()) ?? [];
      await database.query(statement ?? '');
      await transaction.stop();
      const restarted = await startPgBouncer(database.environment, { pool_mode: 'transaction', ...IGNORED });
      const service = await spawnService({ ...variables, ...restarted.environment });
      await sell(service);
      await service.stop();
      await restarted.stop();
    } finally {
      await session.stop();
    }
  });
});
