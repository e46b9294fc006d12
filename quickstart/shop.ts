import { randomUUID } from 'node:crypto';
import type { DemoSettings } from './demo-settings';

/** Thrown when a response is not what the demo expects. The message names the request and the response. */
export class UnexpectedAnswer extends Error {}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly location: string | null;
}

export const CPF = '52998224725';
export const CARD = {
  number: '4000000000000010',
  cvv: '123',
  expiration_month: '12',
  expiration_year: '2030',
};

export const CUSTOMER = {
  first_name: 'Marina',
  last_name: 'Souza',
  email: 'marina.souza@example.com',
  phone: '11988887777',
  document_number: CPF,
};
export const ORDER = {
  products_value: 14990,
  shipping_value: 1500,
  discount_value: 500,
  products: [{ sku: 'CAM-01', name: 'Camiseta', quantity: 1, unit_value: 14990 }],
};

/** The secret key is only necessary to open sessions. */
type ShopSettings = Pick<DemoSettings, 'serviceUrl' | 'simulatorUrl' | 'appIdUuid'> &
  Partial<Pick<DemoSettings, 'secretKey'>>;

/** A checkout session: its id, and the address of its payment page. */
export interface Session {
  readonly id: string;
  readonly url: string;
}

/** Calls the service and the simulator as a merchant, its shoppers and their banks do. */
export class Shop {
  constructor(
    private readonly settings: ShopSettings,
    private readonly key: string,
  ) {}

  /** Installs the app as a browser does: start, consent page, callback. @returns the external_id. */
  async install(): Promise<string> {
    const { serviceUrl, appIdUuid } = this.settings;
    const start = await call(
      'GET',
      `${serviceUrl}/install/start?app_id=${appIdUuid}&external_key=${this.key}`,
    );
    const consent = expectLocation(start);
    const page = await fetch(consent);
    if (!page.ok) throw new UnexpectedAnswer(`GET ${consent} answered ${page.status}`);
    const callback = expectLocation(await call('POST', consent));
    return text(await call('GET', callback), 'external_id');
  }

  /** Opens a checkout session, as the shop's own server does. */
  async openSession(): Promise<Session> {
    const { products, shipping_value, discount_value } = ORDER;
    const body = { items: products, shipping_value, discount_value };
    const { serviceUrl, secretKey } = this.settings;
    const answer = await call('POST', `${serviceUrl}/checkout/${this.key}/sessions`, body, {
      authorization: `Bearer ${secretKey ?? ''}`,
    });
    expectSuccess(answer, 'sessions');
    return { id: text(answer, 'id'), url: text(answer, 'url') };
  }

  /** Returns true if the shop has installed the app. */
  async isInstalled(): Promise<boolean> {
    const { serviceUrl } = this.settings;
    return (await call('GET', `${serviceUrl}/checkout/${this.key}/config`)).status === 200;
  }

  async payByCard(): Promise<Sale> {
    const created = await this.checkout('order', { customer: CUSTOMER, order: ORDER });
    const paid = await this.checkout('pay/credit-card', {
      order_id: created.body['order_id'],
      payment: { ...CARD, holder_name: 'MARINA SOUZA', holder_document_number: CPF },
    });
    return {
      method: 'credit card',
      orderId: number(paid, 'order_id'),
      detail: `answered ${text(paid, 'status')}`,
    };
  }

  async payByPix(): Promise<Sale> {
    const paid = await this.checkout('pay/pix', { customer: CUSTOMER, order: ORDER, document_number: CPF });
    return {
      method: 'Pix',
      orderId: number(paid, 'order_id'),
      detail: `code ${text(paid, 'emv').slice(0, 40)}…`,
    };
  }

  async payByBoleto(): Promise<Sale> {
    const paid = await this.checkout('pay/boleto', {
      customer: CUSTOMER,
      order: ORDER,
      document_number: CPF,
    });
    return { method: 'boleto', orderId: number(paid, 'order_id'), detail: `line ${text(paid, 'digitavel')}` };
  }

  async status({ orderId }: Sale): Promise<string> {
    const { serviceUrl } = this.settings;
    return text(await call('GET', `${serviceUrl}/checkout/${this.key}/status/${orderId}`), 'status');
  }

  /** Performs an action on an order at the simulator: `pay`, `refund`. */
  async atAppmax({ orderId }: Sale, action: string): Promise<void> {
    const answer = await call('POST', `${this.settings.simulatorUrl}/_simulator/orders/${orderId}/${action}`);
    expectSuccess(answer, `the simulator's ${action}`);
  }

  private async checkout(route: string, body: object): Promise<Answer> {
    const answer = await call('POST', `${this.settings.serviceUrl}/checkout/${this.key}/${route}`, body);
    expectSuccess(answer, route);
    return answer;
  }
}

/** An order of the demo. */
export interface Sale {
  readonly method: string;
  readonly orderId: number;
  readonly detail: string;
}

async function call(
  method: string,
  url: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      accept: 'application/json',
      ...headers,
      // A new key for each request, so that identical sales do not count as repeats.
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const content = await response.text();
  return { status: response.status, body: parse(content), location: response.headers.get('location') };
}

function parse(content: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(content) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function expectSuccess(answer: Answer, what: string): void {
  if (answer.status !== 200)
    throw new UnexpectedAnswer(`${what} answered ${answer.status} ${JSON.stringify(answer.body)}`);
}

function expectLocation(answer: Answer): string {
  if (answer.status === 302 && answer.location !== null) return answer.location;
  throw new UnexpectedAnswer(`expected a redirect, not ${answer.status} ${JSON.stringify(answer.body)}`);
}

function text(answer: Answer, field: string): string {
  const value = answer.body[field];
  if (typeof value === 'string') return value;
  throw new UnexpectedAnswer(`expected "${field}" in ${answer.status} ${JSON.stringify(answer.body)}`);
}

function number(answer: Answer, field: string): number {
  const value = answer.body[field];
  if (typeof value === 'number') return value;
  throw new UnexpectedAnswer(`expected "${field}" in ${answer.status} ${JSON.stringify(answer.body)}`);
}
