import type { Answer, RequestOptions } from './http';
import { freePort } from './servers';
import { SECRET_KEY, type ServiceProcess, spawnService } from './service';
import { cardPayment, CPF, CUSTOMER, ORDER } from './shop';
import { chargesByOrder, startSystem, type TestSystem, untilCircuitsClose } from './system';

export const CARD = 'POST /v1/payments/credit-card';
export const PIX = 'POST /v1/payments/pix';
export const REFUND = 'POST /v1/orders/refund-request';
export const UPSELL = 'POST /v1/orders/upsell';
export const DECLINED = '4000000000000002';

interface OperationRow {
  id: number;
  kind: string;
  state: string;
}

const VARIABLES = { PAYMENT_SETTLE_SECONDS: '5' };

/** The calls that histories of money consist of, and what they look at. */
export type Money = ReturnType<typeof moneyIn>;

/**
 * Declares the hooks of a file of histories: they start and stop one system, and clear Appmax's faults after each test.
 */
export function useMoneySystem(): Money {
  let system: TestSystem;

  beforeAll(async () => {
    system = await startSystem(VARIABLES);
  });

  beforeEach(() => untilCircuitsClose(system));

  afterEach(async () => {
    await system.control.clearFaults();
  });

  afterAll(async () => {
    await system.stop();
  });

  return moneyIn(() => system);
}

/** Runs a history in a system of its own, so that others can run at the same time. */
export async function withMoneySystem(test: (money: Money) => Promise<void>): Promise<void> {
  const system = await startSystem(VARIABLES);
  try {
    await test(moneyIn(() => system));
  } finally {
    await system.stop();
  }
}

function moneyIn(system: () => TestSystem) {
  const post = (route: string, body: unknown, options: RequestOptions = {}, instance = 0): Promise<Answer> =>
    system().services[instance]!.send('POST', `/checkout/${system().key}/${route}`, { body, ...options });
  const withKey = (key: string): RequestOptions => ({ headers: { 'idempotency-key': key } });
  const newOrder = async (): Promise<number> => {
    const { status, body } = await post('order', { customer: CUSTOMER, order: ORDER });
    expect([status, body['message']]).toEqual([200, undefined]);
    return body['order_id'] as number;
  };
  const payByCard = (orderId: number, number?: string, options: RequestOptions = {}): Promise<Answer> =>
    post('pay/credit-card', { order_id: orderId, payment: cardPayment(number) }, options);
  const paidOrder = async (): Promise<number> => {
    const orderId = await newOrder();
    expect((await payByCard(orderId)).status).toBe(200);
    return orderId;
  };
  const payByPix = (orderId: number, options: RequestOptions = {}): Promise<Answer> =>
    post('pay/pix', { order_id: orderId, document_number: CPF }, options);
  const payByBoleto = (orderId: number): Promise<Answer> =>
    post('pay/boleto', { order_id: orderId, document_number: CPF });
  const refund = (body: unknown, options: RequestOptions = {}): Promise<Answer> =>
    post('refund', body, { secretKey: SECRET_KEY, ...options });
  const summaryOf = ({ status, body }: Answer): [number, unknown] => [
    status,
    body['message'] ?? body['status'],
  ];
  const charges = async (orderId: number): Promise<number> =>
    (await chargesByOrder(system().control)).get(orderId) ?? 0;
  const statusOf = async (orderId: number): Promise<unknown> =>
    (await system().services[1].send('GET', `/checkout/${system().key}/status/${orderId}`)).body['status'];
  const operations = (orderId: number): Promise<OperationRow[]> =>
    system().database.query<OperationRow>(
      `SELECT p.id::int AS id, p.kind, p.state FROM operations p JOIN orders o ON o.id = p.order_id
       WHERE o.appmax_order_id = $1 AND p.kind <> 'order' ORDER BY p.id`,
      [orderId],
    );
  const states = async (orderId: number): Promise<string[]> =>
    (await operations(orderId)).map(({ kind, state }) => `${kind} ${state}`);
  const spawn = async (variables: Record<string, string> = {}): Promise<ServiceProcess> =>
    spawnService({ ...system().environment, APP_PORT: String(await freePort()), ...variables });

  return {
    control: () => system().control,
    system,
    post,
    withKey,
    newOrder,
    paidOrder,
    payByCard,
    payByPix,
    payByBoleto,
    refund,
    summaryOf,
    charges,
    statusOf,
    operations,
    states,
    spawn,
  };
}
