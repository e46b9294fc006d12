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
    const order = (await this.orders.find(orderId)) ?? (await this.adopt(merchant, orderId));
    if (order.installationId !== merchant.installationId) throw orderNotFound();
    return order;
  }

  private async adopt(merchant: Merchant, orderId: number): Promise<Order> {
    const known = await orApiError(
      this.budget.spend(merchant, 1, () => this.appmax.getOrder(merchant.credentials, orderId)),
      'order not found',
    );
    const order = known.id === orderId ? await this.orders.adopt({ merchant, state: known }) : undefined;
    if (order === undefined) throw orderNotFound();
    return order;
  }
}
