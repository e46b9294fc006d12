import { Injectable } from '@nestjs/common';
import { AppmaxClient, orApiError } from '../appmax';
import type { Merchant } from '../installations';
import type { Order } from './order.entity';
import { OrdersService } from './orders.service';
import { orderNotFound } from './errors';

/** Orders by their id at Appmax, those that were not made here included. */
@Injectable()
export class KnownOrders {
  constructor(
    private readonly appmax: AppmaxClient,
    private readonly orders: OrdersService,
  ) {}

  /**
   * An order of ours or, when we don't know it, one that Appmax has for this merchant: it becomes ours.
   *
   * @throws ApiError 404 `order not found`, for another merchant's order, too.
   */
  async get(merchant: Merchant, orderId: number): Promise<Order> {
    const order = (await this.orders.find(orderId)) ?? (await this.adopt(merchant, orderId));
    if (order.installationId !== merchant.installationId) throw orderNotFound();
    return order;
  }

  private async adopt(merchant: Merchant, orderId: number): Promise<Order> {
    const known = await orApiError(this.appmax.getOrder(merchant.credentials, orderId), 'order not found');
    const order = known.id === orderId ? await this.orders.adopt({ merchant, state: known }) : undefined;
    if (order === undefined) throw orderNotFound();
    return order;
  }
}
