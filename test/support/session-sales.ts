import { randomUUID } from 'node:crypto';
import type { Answer } from './http';
import { SECRET_KEY } from './service';
import { CPF, CUSTOMER } from './shop';
import type { TestSystem } from './system';

export const ITEMS = [{ sku: 'CAM-01', name: 'Camiseta', quantity: 2, unit_value: 7495, type: 'physical' }];
export const SESSION = { items: ITEMS, shipping_value: 1500, discount_value: 500 };
export const TOTAL = 15990;
export const HOLDER = { holder_name: 'MARINA SOUZA', holder_document_number: CPF };
const GOOD_CARD = '4000000000000010';

/** The status and the code of a refusal. */
export const refusal = ({ status, body }: Answer): unknown[] => [status, body['code']];

/** Options of a request of the page: the instance that gets it, and its Idempotency-Key. */
export interface PageOptions {
  readonly instance?: number;
  readonly key?: string;
}

/** The requests that a shop and its shopper make of checkout sessions. */
export interface SessionSales {
  readonly shop: (method: string, path: string, body?: unknown, key?: string) => Promise<Answer>;
  /** Makes a session. @returns its id */
  readonly make: (changes?: object) => Promise<string>;
  readonly page: (
    method: string,
    session: string,
    path: string,
    body?: unknown,
    options?: PageOptions,
  ) => Promise<Answer>;
  readonly token: (number?: string) => Promise<string>;
  readonly payByCard: (session: string, installments?: number, options?: PageOptions) => Promise<Answer>;
  readonly stateOf: (session: string) => Promise<Readonly<Record<string, unknown>>>;
  /** The ids at Appmax of the orders of a session, oldest first. */
  readonly ordersOf: (session: string) => Promise<number[]>;
  /** The number of charges at Appmax of all orders of a session. */
  readonly charges: (session: string) => Promise<number>;
}

/** Returns the requests for a system, which may be started later. */
export function sessionSales(systemOf: () => TestSystem): SessionSales {
  const shop: SessionSales['shop'] = (method, path, body, key = systemOf().key) =>
    systemOf().services[0].send(method, `/checkout/${key}/sessions${path}`, { body, secretKey: SECRET_KEY });

  const make: SessionSales['make'] = async (changes = {}) => {
    const made = await shop('POST', '', { ...SESSION, customer: CUSTOMER, ...changes });
    expect(made.status).toBe(200);
    return made.body['id'] as string;
  };

  const page: SessionSales['page'] = (
    method,
    session,
    path,
    body,
    { instance = 0, key = randomUUID() } = {},
  ) =>
    systemOf().services[instance]!.send(method, `/pay/${session}/${path}`, {
      body,
      ...(method === 'POST' ? { headers: { 'idempotency-key': key } } : {}),
    });

  const token: SessionSales['token'] = async (number = GOOD_CARD) => {
    const body = { number, cvv: '123', expiration_month: '12', expiration_year: '2030', holder_name: 'M S' };
    const { services, key } = systemOf();
    const answer = await services[0].send('POST', `/checkout/${key}/tokenize`, { body });
    return answer.body['token'] as string;
  };

  const ordersOf: SessionSales['ordersOf'] = async (session) => {
    const rows = await systemOf().database.query<{ id: number }>(
      `SELECT o.appmax_order_id AS id FROM session_orders so JOIN orders o ON o.id = so.order_id
       JOIN checkout_sessions s ON s.id = so.session_id WHERE s.public_id = $1 ORDER BY so.order_id`,
      [session],
    );
    return rows.map(({ id }) => id);
  };

  return {
    shop,
    make,
    page,
    token,
    ordersOf,
    payByCard: async (session, installments = 1, options = {}) =>
      page(
        'POST',
        session,
        'credit-card',
        { payment: { ...HOLDER, token: await token(), installments } },
        options,
      ),
    stateOf: async (session) => (await page('GET', session, 'status')).body,
    charges: async (session) => {
      const orders = await ordersOf(session);
      const ledger = await systemOf().control.ledger();
      return ledger.filter(({ kind, order_id: id }) => kind === 'charge' && orders.includes(id)).length;
    },
  };
}
