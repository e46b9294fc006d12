import { randomUUID } from 'node:crypto';
import { type Generation, SimulatorControl } from '../../simulator/control-client';
import { createDatabase, type TestDatabase } from '../support/database';
import type { Answer, RequestOptions } from '../support/http';
import { freePort } from '../support/servers';
import { SECRET_KEY, startService, type TestService } from '../support/service';
import { cardPayment, CPF, CUSTOMER, install, ORDER } from '../support/shop';
import { startSimulator, type TestSimulator } from '../support/simulator';

type Environment = Readonly<Record<string, string>>;

/** The rows that use one service while Appmax fails. More failures could open its circuit. */
const ROWS_PER_SERVICE = 4;

/** A service, the simulated Appmax behind it, and one shop. */
export class World {
  private shared: { readonly service: TestService; rows: number } | undefined;
  readonly control: SimulatorControl;
  readonly key = `shop-${randomUUID()}`;

  private constructor(
    readonly api: Generation,
    readonly database: TestDatabase,
    readonly simulator: TestSimulator,
    readonly service: TestService,
  ) {
    this.control = new SimulatorControl(simulator.url);
  }

  static async create(api: Generation): Promise<World> {
    const [database, simulator] = await Promise.all([createDatabase(), startSimulator({ api })]);
    const service = await startService({ ...database.environment, ...simulator.environment });
    const world = new World(api, database, simulator, service);
    await install(service, simulator, world.key);
    // Appmax's limits have their own tests.
    await world.control.change({ rate_limits: false });
    return world;
  }

  async close(): Promise<void> {
    await this.shared?.service.stop();
    await this.service.stop();
    await Promise.all([this.simulator.stop(), this.database.drop()]);
  }

  /** Runs `use` with a service on the same database whose circuits are closed: one of few rows uses it. */
  async withClosedCircuits<Value>(use: (service: TestService) => Promise<Value>): Promise<Value> {
    if (this.shared?.rows === ROWS_PER_SERVICE) {
      await this.shared.service.stop();
      this.shared = undefined;
    }
    this.shared ??= { service: await this.startAnother({}), rows: 0 };
    this.shared.rows += 1;
    return use(this.shared.service);
  }

  /** Runs `use` with another service on the same database. */
  async withService<Value>(
    environment: Environment,
    use: (service: TestService) => Promise<Value>,
  ): Promise<Value> {
    const service = await this.startAnother(environment);
    try {
      return await use(service);
    } finally {
      await service.stop();
    }
  }

  private async startAnother(environment: Environment): Promise<TestService> {
    return startService({
      ...this.database.environment,
      ...this.simulator.environment,
      APP_PORT: String(await freePort()),
      ...environment,
    });
  }

  get(path: string, options: RequestOptions = {}): Promise<Answer> {
    return this.service.send('GET', path, options);
  }

  /** Calls a route of the shop. */
  shop(path: string, body?: unknown, options: RequestOptions = {}): Promise<Answer> {
    return callShop(this.service, this.key, path, body, options);
  }

  async newOrder(): Promise<number> {
    return (await this.shop('order', { customer: CUSTOMER, order: ORDER })).body['order_id'] as number;
  }

  /** Creates an order and pays it by card. @returns the payment's response. */
  paidOrder(): Promise<Answer> {
    return this.shop('pay/credit-card', { customer: CUSTOMER, order: ORDER, payment: cardPayment() });
  }

  async paidOrderId(): Promise<number> {
    return (await this.paidOrder()).body['order_id'] as number;
  }
}

/** Calls a route of a shop: by `POST` with a body, by `GET` without one. */
export function callShop(
  service: TestService,
  key: string,
  path: string,
  body?: unknown,
  options: RequestOptions = {},
): Promise<Answer> {
  return service.send(body === undefined ? 'GET' : 'POST', `/checkout/${key}/${path}`, {
    ...options,
    ...(body === undefined ? {} : { body }),
  });
}

export const SECRET = { secretKey: SECRET_KEY };
export const BROWSER = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };

/** Returns a card's data as a shopper types it. */
export function typedCard(): Record<string, unknown> {
  const { number, cvv, expiration_month, expiration_year, holder_name } = cardPayment();
  return { number, cvv, expiration_month, expiration_year, holder_name };
}

export { cardPayment, CPF, CUSTOMER, ORDER };
