import { randomInt } from 'node:crypto';
import { SimulatorControl } from '../../simulator/control-client';
import { createDatabase, type TestDatabase } from './database';
import { eventually } from './eventually';
import { freePort } from './servers';
import { startService, type TestService } from './service';
import { install } from './shop';
import { startSimulator, type TestSimulator } from './simulator';

/** Two services on one database, one simulated Appmax, and a shop that has installed the app. */
export interface TestSystem {
  readonly database: TestDatabase;
  readonly simulator: TestSimulator;
  readonly control: SimulatorControl;
  readonly services: readonly [TestService, TestService];
  /** The variables of the first service, to start others like it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly key: string;
  stop(): Promise<void>;
}

/** Rate limits that a thousand payments do not reach, and timeouts that are short enough for a test. */
const QUICK = {
  APPMAX_RATE_BURST: '100000',
  APPMAX_RATE_PER_SECOND: '100000',
  APPMAX_TIMEOUT: '3',
  APPMAX_CARD_TIMEOUT: '3',
  APPMAX_TOKEN_TIMEOUT: '3',
  PAYMENT_SETTLE_SECONDS: '10',
};

/** Starts a system in which Appmax sends no webhooks: the outcome of payments must be found without them. */
export async function startSystem(
  variables: Readonly<Record<string, string>> = {},
  ownDatabase?: TestDatabase,
): Promise<TestSystem> {
  const [database, simulator] = await Promise.all([ownDatabase ?? createDatabase(), startSimulator()]);
  const control = new SimulatorControl(simulator.url);
  await control.change({ rate_limits: false, webhooks: false });
  const environment = { ...database.environment, ...simulator.environment, ...QUICK, ...variables };
  const services = [
    await startService(environment),
    await startService({ ...environment, APP_PORT: String(await freePort()) }),
  ] as const;
  const key = 'shop';
  await install(services[0], simulator, key);
  return {
    database,
    simulator,
    control,
    services,
    environment,
    key,
    stop: async () => {
      await Promise.all(services.map((service) => service.stop()));
      await Promise.all([simulator.stop(), database.drop()]);
    },
  };
}

/** Counts the charges of each order in Appmax's ledger. */
export async function chargesByOrder(control: SimulatorControl): Promise<Map<number, number>> {
  const charges = new Map<number, number>();
  for (const { kind, order_id: orderId } of await control.ledger()) {
    if (kind === 'charge') charges.set(orderId, (charges.get(orderId) ?? 0) + 1);
  }
  return charges;
}

/** Waits until the services call Appmax again: after a test in which Appmax failed, a circuit may still be open. */
export async function untilCircuitsClose({ services, key }: TestSystem): Promise<void> {
  for (const service of services) {
    await eventually(async () => {
      // Another total each time: answers are cached.
      const path = `/checkout/${key}/installments?total_value=${randomInt(1_000, 1_000_000)}`;
      expect((await service.send('GET', path)).status).toBe(200);
    });
  }
}
