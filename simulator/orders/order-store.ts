import { BoundedMap } from '../common/bounded-map';
import { idSequence, randomHex } from '../common/identifiers';
import { type Customer } from '../customers/customer';
import { type Merchant } from '../merchants/merchant';
import { type BoletoPayment, type Order, type Product } from './order';

const KEPT_ORDERS = 100_000;

/** The data of a new order. Money in cents. */
export interface NewOrder {
  readonly merchant: Merchant;
  readonly customer: Customer;
  readonly products: readonly Product[];
  readonly productsValue: number;
  readonly discountValue: number;
  readonly shippingValue: number;
  readonly upsellOf?: number;
}

/** The newest 100,000 orders of all merchants. */
export class OrderStore {
  private readonly nextId = idSequence();
  private readonly byUpsellHash = new Map<string, Order>();
  private readonly byBoleto = new Map<number, Order>();
  private readonly orders = new BoundedMap<number, Order>(KEPT_ORDERS, (removed) => {
    if (removed.upsellHash !== null) this.byUpsellHash.delete(removed.upsellHash);
    for (const payment of removed.payments) this.byBoleto.delete(payment.id);
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

  /** Returns the order with this id, unless it is another merchant's. */
  find(merchant: Merchant, id: number): Order | undefined {
    const order = this.orders.get(id);
    return order?.merchant === merchant ? order : undefined;
  }

  /** Returns the order's upsell hash, creating it if needed. It lets the merchant charge the same card again. */
  ensureUpsellHash(order: Order): string {
    order.upsellHash ??= randomHex(20);
    this.byUpsellHash.set(order.upsellHash, order);
    return order.upsellHash;
  }

  findByUpsellHash(merchant: Merchant, hash: string): Order | undefined {
    const order = this.byUpsellHash.get(hash);
    return order?.merchant === merchant ? order : undefined;
  }

  /** Indexes a boleto by its payment id, the only id in its link. */
  rememberBoleto(order: Order, payment: BoletoPayment): void {
    this.byBoleto.set(payment.id, order);
  }

  findBoleto(paymentId: number): { order: Order; payment: BoletoPayment } | undefined {
    const order = this.byBoleto.get(paymentId);
    const payment = order?.payments.find(({ id }) => id === paymentId);
    return order !== undefined && payment?.method === 'boleto' ? { order, payment } : undefined;
  }

  /** Returns the newest orders, newest first. */
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
