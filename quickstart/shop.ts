import { ApiError, AppmaxCheckout } from '../client/src';
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

const CODE = { customer: CUSTOMER, order: ORDER, document_number: CPF };

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
  private readonly checkout: AppmaxCheckout;

  constructor(
    private readonly settings: ShopSettings,
    private readonly key: string,
  ) {
    // Without the secret key, as in a browser.
    this.checkout = new AppmaxCheckout({ baseUrl: settings.serviceUrl, key });
  }

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
  openSession(): Promise<Session> {
    const { products: items, shipping_value, discount_value } = ORDER;
    const { serviceUrl: baseUrl, secretKey = '' } = this.settings;
    const server = new AppmaxCheckout({ baseUrl, key: this.key, secretKey });
    return server.createSession({ body: { items, shipping_value, discount_value } });
  }

  /** Returns true if the shop has installed the app. */
  async isInstalled(): Promise<boolean> {
    try {
      await this.checkout.getConfig();
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.code === 'installation_not_found') return false;
      throw error;
    }
  }

  async payByCard(): Promise<Sale> {
    const { order_id } = await this.checkout.createOrder({ body: { customer: CUSTOMER, order: ORDER } });
    const payment = { ...CARD, holder_name: 'MARINA SOUZA', holder_document_number: CPF };
    const paid = await this.checkout.payByCard({ body: { order_id, payment } });
    return { method: 'credit card', orderId: paid.order_id, detail: `answered ${paid.status}` };
  }

  async payByPix(): Promise<Sale> {
    const { order_id, emv } = await this.checkout.payByPix({ body: CODE });
    return { method: 'Pix', orderId: order_id, detail: `code ${emv.slice(0, 40)}…` };
  }

  async payByBoleto(): Promise<Sale> {
    const { order_id, digitavel } = await this.checkout.payByBoleto({ body: CODE });
    return { method: 'boleto', orderId: order_id, detail: `line ${digitavel}` };
  }

  /** Watches an order for up to `seconds`, until it has the wanted status. @returns its last status */
  async statusAfter({ orderId }: Sale, wanted: string, seconds: number): Promise<string> {
    let last = 'unknown';
    const options = { signal: AbortSignal.timeout(seconds * 1000) };
    for await (const { status } of this.checkout.watchStatus(orderId, options)) {
      last = status;
      if (status === wanted) break;
    }
    return last;
  }

  /** Performs an action on an order at the simulator: `pay`, `refund`. */
  async atAppmax({ orderId }: Sale, action: string): Promise<void> {
    const answer = await call('POST', `${this.settings.simulatorUrl}/_simulator/orders/${orderId}/${action}`);
    expectSuccess(answer, `the simulator's ${action}`);
  }
}

/** An order of the demo. */
export interface Sale {
  readonly method: string;
  readonly orderId: number;
  readonly detail: string;
}

async function call(method: string, url: string): Promise<Answer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { accept: 'application/json' },
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
