import { Injectable } from '@nestjs/common';
import { AppmaxClient } from '../appmax/appmax.client';
import { orApiError } from '../appmax/failure-to-api-error';
import { IdempotencyContext } from '../idempotency/idempotency-context';
import { InstallationsService, type Merchant } from '../installations/installations.service';
import type { CustomerDto } from './dto/customer.dto';
import type { OrderDto } from './dto/order.dto';
import type { PayDto } from './dto/pay.dto';
import { KnownOrders } from './known-orders';
import type { Order } from './order.entity';
import { orderTotal } from './order-total';
import { OrdersService } from './orders.service';
import { alreadyPaid, outcomeUnknown, paymentDeclined } from './payments/payment-errors';
import { PaymentAttempts } from './payments/payment-attempts';
import { isPaid } from './status-rules';

/** A call to the checkout: whose shop it is, what was sent, and the shopper's address on the network. */
export interface CheckoutRequest<Body> {
  readonly key: string;
  readonly body: Body;
  readonly callerIp: string;
}

/** An order to be paid. */
export interface OrderToPay {
  readonly merchant: Merchant;
  readonly order: Order;
  /** An earlier try of this very request has paid it: all that is left is to answer. */
  readonly isPaidByThisRequest: boolean;
}

/** The orders that checkout calls are about: those that they name, and those that they make. */
@Injectable()
export class PayableOrders {
  constructor(
    private readonly appmax: AppmaxClient,
    private readonly installations: InstallationsService,
    private readonly orders: OrdersService,
    private readonly knownOrders: KnownOrders,
    private readonly attempts: PaymentAttempts,
    private readonly idempotency: IdempotencyContext,
  ) {}

  /** Makes a customer and an order at Appmax, and saves the order. @throws ApiError */
  async make(merchant: Merchant, customer: CustomerDto, sold: OrderDto, callerIp: string): Promise<Order> {
    const { products_value, discount_value = 0, shipping_value = 0, products } = sold;
    const customerId = await orApiError(
      this.appmax.createCustomer(merchant.credentials, { ...customer, ip: customer.ip ?? callerIp }),
      'order creation failed',
    );
    const made = await orApiError(
      this.appmax.createOrder(merchant.credentials, {
        customer_id: customerId,
        products,
        products_value,
        discount_value,
        shipping_value,
      }),
      'order creation failed',
    );
    return this.orders.save({
      installationId: merchant.installationId,
      appmaxCustomerId: customerId,
      appmaxOrderId: made.id,
      totalCents: orderTotal(sold),
    });
  }

  /** Whether an earlier try of this very request has left an order. */
  isRepeat(): boolean {
    return this.idempotency.rememberedOrder() !== undefined;
  }

  /**
   * The order that a pay call is about; an earlier try of the same request has left its own.
   *
   * @throws ApiError 404, 409 `order already paid`, and for a repeated request the outcome of its earlier try: 422 when
   * the card was declined, 502 while nobody knows.
   */
  async get({ key, body, callerIp }: CheckoutRequest<PayDto>): Promise<OrderToPay> {
    const merchant = await this.installations.get(key);
    const remembered = this.idempotency.rememberedOrder();
    if (remembered !== undefined) return { merchant, ...(await this.tryAgain(remembered)) };
    const { order_id: orderId, customer, order: sold } = body;
    const order =
      orderId === undefined && customer !== undefined && sold !== undefined
        ? await this.make(merchant, customer, sold, callerIp)
        : await this.knownOrders.get(merchant, orderId ?? 0);
    if (isPaid(order.status)) throw alreadyPaid(order);
    await this.idempotency.rememberOrder(order.id);
    return { merchant, order, isPaidByThisRequest: false };
  }

  private async tryAgain(orderId: number): Promise<Omit<OrderToPay, 'merchant'>> {
    // The attempt first: one that ends in between has changed its order before.
    const attempt = await this.attempts.latest(orderId);
    const order = await this.orders.getById(orderId);
    if (attempt?.state === 'started' || attempt?.state === 'unknown') throw outcomeUnknown(order);
    if (attempt?.state === 'declined') throw paymentDeclined();
    const isPaidByThisRequest = isPaid(order.status);
    if (isPaidByThisRequest && attempt?.state !== 'succeeded') throw alreadyPaid(order);
    return { order, isPaidByThisRequest };
  }
}
