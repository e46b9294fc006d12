import { SimulatorControl } from '../simulator/control-client';
import { createDatabase, type TestDatabase } from './support/database';
import { type DeafProxy, startDeafProxy } from './support/deaf-proxy';
import { openStream } from './support/event-stream';
import { eventually } from './support/eventually';
import { freePort } from './support/servers';
import { type ServiceProcess, spawnService } from './support/service';
import { CPF, CUSTOMER, install, ORDER } from './support/shop';
import { startSilentProxy } from './support/silent-proxy';
import { startSimulator, type TestSimulator } from './support/simulator';

const NOTHING_ARRIVES = "Notifications of PostgreSQL don't arrive";
const ARRIVE_AGAIN = 'Notifications of PostgreSQL arrive again';
/** Longer than the service's interval between two checks. */
const CHECK_SECONDS = 40;

describe('Notifications of PostgreSQL that get lost', () => {
  let simulator: TestSimulator;
  let database: TestDatabase;
  let proxy: DeafProxy;
  let service: ServiceProcess;

  beforeAll(async () => {
    simulator = await startSimulator();
  });

  afterAll(() => simulator.stop());

  beforeEach(async () => {
    database = await createDatabase();
    const { DB_HOST: host, DB_PORT: port } = database.environment;
    proxy = await startDeafProxy({ host: host!, port: Number(port) });
  });

  afterEach(async () => {
    await service.stop();
    await proxy.stop();
    await database.drop();
  });

  const start = async (listenPort: number): Promise<void> => {
    service = await spawnService({
      ...database.environment,
      ...simulator.environment,
      // A payment right after an earlier read of its order is read at once.
      APPMAX_ORDER_READ_INTERVAL: '0',
      DB_LISTEN_HOST: '127.0.0.1',
      DB_LISTEN_PORT: String(listenPort),
      LOG_LEVEL: 'info',
    });
  };

  /** Sells by Pix to a new shop, and expects the stream to send the payment. */
  const sell = async (key: string): Promise<void> => {
    await install(service, simulator, key);
    const pix = await service.send('POST', `/checkout/${key}/pay/pix`, {
      body: { customer: CUSTOMER, order: ORDER, document_number: CPF },
    });
    const orderId = Number(pix.body['order_id']);
    const stream = await openStream(`${service.url}/checkout/${key}/status/${orderId}/stream`);
    await new SimulatorControl(simulator.url).act(orderId, 'pay');
    await eventually(() => {
      expect(stream.events.map(({ status }) => status)).toEqual(['pendente', 'aprovado']);
      return Promise.resolve();
    });
    stream.close();
  };

  it('the service says so at start, streams work by the poll, and later the service says that they arrive', async () => {
    await start(proxy.port);
    expect(service.output()).toContain(NOTHING_ARRIVES);
    expect(service.output()).toContain('Set DB_LISTEN_HOST and DB_LISTEN_PORT');
    await sell('shop');
    // A merchant is not kept in memory: the next request reads what another program has changed.
    await database.query("UPDATE installations SET external_key = 'renamed' WHERE external_key = 'shop'");
    expect((await service.send('GET', '/checkout/shop/config')).status).toBe(404);
    proxy.isDeaf = false;
    await eventually(() => {
      expect(service.output()).toContain(ARRIVE_AGAIN);
      return Promise.resolve();
    }, CHECK_SECONDS);
    await sell('other');
    expect(service.output().split(NOTHING_ARRIVES)).toHaveLength(2);
  });

  it('the service notices while it runs that notifications no longer arrive', async () => {
    proxy.isDeaf = false;
    await start(proxy.port);
    await sell('shop');
    expect(service.output()).not.toContain(NOTHING_ARRIVES);
    proxy.isDeaf = true;
    await eventually(() => {
      expect(service.output()).toContain(NOTHING_ARRIVES);
      return Promise.resolve();
    }, CHECK_SECONDS);
    await sell('other');
  });

  it('a listening connection that dies silently is replaced, and streams work meanwhile', async () => {
    const { DB_HOST: host, DB_PORT: port } = database.environment;
    const silent = await startSilentProxy({ host: host!, port: Number(port) });
    try {
      await start(silent.port);
      await sell('shop');
      silent.silence();
      await sell('other');
      await eventually(() => {
        expect(service.output()).toContain('Listening for notifications again');
        return Promise.resolve();
      }, CHECK_SECONDS);
      await sell('third');
    } finally {
      await silent.stop();
    }
  });

  it('a direct address that nothing listens on is reported at start, and streams work by the poll', async () => {
    await start(await freePort());
    expect(service.output()).toContain('The connection that listens for notifications failed');
    await sell('shop');
  });
});
