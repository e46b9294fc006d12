import { type Answer } from './http';
import { document, type SimulatorWorld } from './simulator-world';

/** The sandbox's test cards. */
export const cards = {
  approved: '4000000000000010',
  authorized: '4000000000000028',
  declined: '4000000000000002',
  transactionError: '4000000000000036',
  orderFailed: '4000000000000044',
  gatewayUnavailable: '4000000000009999',
  other: '5555555555554444',
} as const;

export const shopper = {
  first_name: 'Marina',
  last_name: 'Souza',
  email: 'marina.souza@example.com',
  phone: '11988887777',
  ip: '200.160.2.3',
  document_number: document,
};

export const products = [{ sku: 'CAM-01', name: 'Camiseta', quantity: 2, unit_value: 5000 }];

/** Reads a value of a response body by its path: `data.order.id`. */
export function at(answer: Answer, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], answer.body);
}

/** A merchant's server as a client of Appmax. */
export class SimulatorMerchant {
  private constructor(
    private readonly world: SimulatorWorld,
    readonly token: string,
    readonly externalKey: string,
  ) {}

  /** Creates a merchant that has installed the app. */
  static async create(world: SimulatorWorld, externalKey = 'loja-teste'): Promise<SimulatorMerchant> {
    const { client_id, client_secret } = await world.control.createMerchant({ external_key: externalKey });
    return new SimulatorMerchant(world, await world.token(client_id, client_secret), externalKey);
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.world.call('POST', path, { token: this.token, body });
  }

  get(path: string): Promise<Answer> {
    return this.world.call('GET', path, { token: this.token });
  }

  async customer(details: object = {}): Promise<number> {
    return at(await this.post('/v1/customers', { ...shopper, ...details }), 'data.customer.id') as number;
  }

  /** Creates an order of R$ 110.00. */
  async order(details: object = {}): Promise<{ order_id: number; customer_id: number }> {
    const customer_id = await this.customer();
    const body = { customer_id, products, discount_value: 500, shipping_value: 1500, ...details };
    return { order_id: at(await this.post('/v1/orders', body), 'data.order.id') as number, customer_id };
  }

  async show(orderId: number): Promise<Answer> {
    return this.get(`/v1/orders/${orderId}`);
  }

  /** Returns the hash for an upsell to the card that paid an order. */
  async upsellHash(orderId: number): Promise<string | null> {
    return (await this.world.control.order(orderId)).upsell_hash;
  }

  async status(orderId: number): Promise<unknown> {
    return at(await this.show(orderId), 'data.order.status');
  }

  payByCard(
    order: { order_id: number; customer_id: number },
    number: string = cards.approved,
    details: object = {},
    payment: object = {},
  ): Promise<Answer> {
    const card = { number, cvv: '123', expiration_month: '12', expiration_year: '2030' };
    return this.payByCardData(order, { ...card, ...details }, payment);
  }

  payByToken(order: { order_id: number; customer_id: number }, token: string): Promise<Answer> {
    return this.payByCardData(order, { token }, {});
  }

  payByPix(orderId: number, details: object = {}): Promise<Answer> {
    const payment_data = { pix: { document_number: document }, ...details };
    return this.post('/v1/payments/pix', { order_id: orderId, payment_data });
  }

  payByBoleto(orderId: number): Promise<Answer> {
    const payment_data = { boleto: { document_number: document } };
    return this.post('/v1/payments/boleto', { order_id: orderId, payment_data });
  }

  /** Creates an order and pays it by card. */
  async paidOrder(details: object = {}): Promise<{ order_id: number; customer_id: number; answer: Answer }> {
    const order = await this.order(details);
    return { ...order, answer: await this.payByCard(order) };
  }

  private payByCardData(
    order: { order_id: number; customer_id: number },
    card: object,
    payment: object,
  ): Promise<Answer> {
    const holder = { holder_name: 'MARINA SOUZA', holder_document_number: document, installments: 1 };
    return this.post('/v1/payments/credit-card', {
      order_id: order.order_id,
      customer_id: order.customer_id,
      payment_data: { credit_card: { ...holder, ...card }, ...payment },
    });
  }
}
