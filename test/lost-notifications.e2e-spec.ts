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

/** A database with a proxy to it, a simulated Appmax, and a service. */
class World {
  private service: ServiceProcess | undefined;

  private constructor(
    readonly database: TestDatabase,
    readonly simulator: TestSimulator,
    readonly proxy: DeafProxy,
  ) {}

  /** Runs a test in a world of its own, and stops that afterwards. */
  static async use(test: (world: World) => Promise<void>): Promise<void> {
    const [database, simulator] = await Promise.all([createDatabase(), startSimulator()]);
    const world = new World(database, simulator, await startDeafProxy(addressOf(database)));
    try {
      await test(world);
    } finally {
      await world.service?.stop();
      await Promise.all([world.proxy.stop(), simulator.stop()]);
      await database.drop();
    }
  }

  /** Starts the service, which listens for notifications at this port. */
  async start(listenPort: number): Promise<ServiceProcess> {
    this.service = await spawnService({
      ...this.database.environment,
      ...this.simulator.environment,
      // A payment right after an earlier read of its order is read at once.
      APPMAX_ORDER_READ_INTERVAL: '0',
      DB_LISTEN_HOST: '127.0.0.1',
      DB_LISTEN_PORT: String(listenPort),
      LOG_LEVEL: 'info',
    });
    return this.service;
  }

  /** Sells by Pix to a new shop, and expects the stream to send the payment. */
  async sell(key: string): Promise<void> {
    const service = this.service!;
    await install(service, this.simulator, key);
    const pix = await service.send('POST', `/checkout/${key}/pay/pix`, {
      body: { customer: CUSTOMER, order: ORDER, document_number: CPF },
    });
    const orderId = Number(pix.body['order_id']);
    const stream = await openStream(`${service.url}/checkout/${key}/status/${orderId}/stream`);
    await new SimulatorControl(this.simulator.url).act(orderId, 'pay');
    await eventually(() => {
      expect(stream.events.map(({ status }) => status)).toEqual(['pendente', 'aprovado']);
      return Promise.resolve();
    });
    stream.close();
  }
}

function addressOf({ environment }: TestDatabase): { host: string; port: number } {
  return { host: environment['DB_HOST']!, port: Number(environment['DB_PORT']) };
}

/** Waits until the service has logged a text. */
async function logs(service: ServiceProcess, text: string): Promise<void> {
  await eventually(() => {
    expect(service.output()).toContain(text);
    return Promise.resolve();
  }, CHECK_SECONDS);
}

/** The tests wait for the service's checks most of the time: they run at once, each in a world of its own. */
describe('Notifications of PostgreSQL that get lost', () => {
  it.concurrent(
    'the service says so at start, streams work by the poll, and later the service says that they arrive',
    () =>
      World.use(async (world) => {
        const { database, proxy } = world;
        const service = await world.start(proxy.port);
        expect(service.output()).toContain(NOTHING_ARRIVES);
        expect(service.output()).toContain('Set DB_LISTEN_HOST and DB_LISTEN_PORT');
        await world.sell('shop');
        // A merchant is not kept in memory: the next request reads what another program has changed.
        await database.query("UPDATE installations SET external_key = 'renamed' WHERE external_key = 'shop'");
        expect((await service.send('GET', '/checkout/shop/config')).status).toBe(404);
        proxy.isDeaf = false;
        await logs(service, ARRIVE_AGAIN);
        await world.sell('other');
        expect(service.output().split(NOTHING_ARRIVES)).toHaveLength(2);
      }),
  );

  it.concurrent('the service notices while it runs that notifications no longer arrive', () =>
    World.use(async (world) => {
      const { proxy } = world;
      proxy.isDeaf = false;
      const service = await world.start(proxy.port);
      await world.sell('shop');
      expect(service.output()).not.toContain(NOTHING_ARRIVES);
      proxy.isDeaf = true;
      await logs(service, NOTHING_ARRIVES);
      await world.sell('other');
    }),
  );

  it.concurrent('a listening connection that dies silently is replaced, and streams work meanwhile', () =>
    World.use(async (world) => {
      const silent = await startSilentProxy(addressOf(world.database));
      try {
        const service = await world.start(silent.port);
        await world.sell('shop');
        silent.silence();
        await world.sell('other');
        await logs(service, 'Listening for notifications again');
        await world.sell('third');
      } finally {
        await silent.stop();
      }
    }),
  );

  it.concurrent(
    'a direct address that nothing listens on is reported at start, and streams work by the poll',
    () =>
      World.use(async (world) => {
        const service = await world.start(await freePort());
        expect(service.output()).toContain('The connection that listens for notifications failed');
        await world.sell('shop');
      }),
  );
});
