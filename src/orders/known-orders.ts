import { Injectable } from '@nestjs/common';
import { AppmaxClient, orApiError } from '../appmax';
import type { Merchant } from '../installations';
import { orderNotFound } from './errors';
import type { Order } from './order.entity';
import { OrdersService } from './orders.service';
import { StorefrontBudget } from './quota/storefront-budget';

/** Finds orders by their id at Appmax, including those that were not created here. */
@Injectable()
export class KnownOrders {
  constructor(
    private readonly appmax: AppmaxClient,
    private readonly orders: OrdersService,
    private readonly budget: StorefrontBudget,
  ) {}

  /**
   * Finds an order. An unknown order is read from Appmax, and saved if it belongs to this merchant.
   *
   * @throws ApiError 404 `order not found`, also for another merchant's order.
   */
  async get(merchant: Merchant, orderId: number): Promise<Order> {
    return (await this.find(merchant, orderId)) ?? this.adopt(merchant, orderId);
  }

  /**
   * Finds an order like {@link get} for a caller who proves nothing. An unknown order is saved only if the caller names
   * its customer; without a customer Appmax is not asked.
   *
   * @throws ApiError 404 `order not found`.
   */
  async getForShopper(
    merchant: Merchant,
    { orderId, customerId }: { orderId: number; customerId: number | undefined },
  ): Promise<Order> {
    const order = await this.find(merchant, orderId);
    if (order !== undefined) return order;
    if (customerId === undefined) throw orderNotFound();
    return this.adopt(merchant, orderId, customerId);
  }

  /** @throws ApiError 404 for another merchant's order. */
  private async find(merchant: Merchant, orderId: number): Promise<Order | undefined> {
    const order = await this.orders.find(orderId);
    if (order !== null && order.installationId !== merchant.installationId) throw orderNotFound();
    return order ?? undefined;
  }

  /** @param customerId the only customer whose order is saved; by default, any. */
  private async adopt(merchant: Merchant, orderId: number, customerId?: number): Promise<Order> {
    const state = await orApiError(
      this.budget.spend(merchant, 1, () => this.appmax.getOrder(merchant.credentials, orderId)),
      'order not found',
    );
    const isRight = state.id === orderId && (customerId ?? state.customerId) === state.customerId;
    const order = isRight ? await this.orders.adopt({ merchant, state }) : undefined;
    if (order === undefined) throw orderNotFound();
    return order;
  }
}
