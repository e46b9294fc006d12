import { BoundedMap } from '../common/bounded-map';
import { idSequence, randomHex } from '../common/identifiers';
import { type Customer } from '../customers/customer';
import { type Merchant } from '../merchants/merchant';
import { type BoletoPayment, type Order, type Product } from './order';

const KEPT_ORDERS = 100_000;

/** What an order is made of. Money in cents. */
export interface NewOrder {
  readonly merchant: Merchant;
  readonly customer: Customer;
  readonly products: readonly Product[];
  readonly productsValue: number;
  readonly discountValue: number;
  readonly shippingValue: number;
  readonly upsellOf?: number;
}

/** The orders of all merchants; the oldest are forgotten when there are very many. */
export class OrderStore {
  private readonly nextId = idSequence();
  private readonly byUpsellHash = new Map<string, Order>();
  private readonly byBoleto = new Map<number, Order>();
  private readonly orders = new BoundedMap<number, Order>(KEPT_ORDERS, (forgotten) => {
    if (forgotten.upsellHash !== null) this.byUpsellHash.delete(forgotten.upsellHash);
    for (const payment of forgotten.payments) this.byBoleto.delete(payment.id);
  });

  /** @param now the simulated time in milliseconds */
  constructor(private readonly now: () => number) {}

  create(details: NewOrder): Order {
    const at = this.now();
    const order: Order = {
      id: this.nextId(),
      merchant: details.merchant,
      customer: details.customer,
      products: details.products,
      productsValue: details.productsValue,
      discountValue: details.discountValue,
      shippingValue: details.shippingValue,
      total: details.productsValue + details.shippingValue - details.discountValue,
      createdAt: at,
      history: [{ at, status: 'pendente', cause: 'order created' }],
      payments: [],
      refunds: [],
      status: 'pendente',
      updatedAt: at,
      statusBeforeReview: null,
      settledAt: null,
      refundedAt: null,
      upsellHash: null,
      upsellOf: details.upsellOf ?? null,
      trackingCode: null,
      subscription: null,
    };
    this.orders.set(order.id, order);
    return order;
  }

  get(id: number): Order | undefined {
    return this.orders.get(id);
  }

  /** The order of that id, unless it is another merchant's. */
  find(merchant: Merchant, id: number): Order | undefined {
    const order = this.orders.get(id);
    return order?.merchant === merchant ? order : undefined;
  }

  /** The hash by which more can be sold to the card that paid this order. */
  giveUpsellHash(order: Order): string {
    order.upsellHash ??= randomHex(20);
    this.byUpsellHash.set(order.upsellHash, order);
    return order.upsellHash;
  }

  findByUpsellHash(merchant: Merchant, hash: string): Order | undefined {
    const order = this.byUpsellHash.get(hash);
    return order?.merchant === merchant ? order : undefined;
  }

  /** Lets a boleto be found by its own id, which is all that its link carries. */
  rememberBoleto(order: Order, payment: BoletoPayment): void {
    this.byBoleto.set(payment.id, order);
  }

  findBoleto(paymentId: number): { order: Order; payment: BoletoPayment } | undefined {
    const order = this.byBoleto.get(paymentId);
    const payment = order?.payments.find(({ id }) => id === paymentId);
    return order !== undefined && payment?.method === 'boleto' ? { order, payment } : undefined;
  }

  /** Newest first. */
  newest(limit: number): Order[] {
    return [...this.orders.values()].slice(-limit).reverse();
  }

  get size(): number {
    return this.orders.size;
  }

  clear(): void {
    this.orders.clear();
    this.byUpsellHash.clear();
    this.byBoleto.clear();
  }
}
