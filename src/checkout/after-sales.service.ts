import { Injectable } from '@nestjs/common';
import { AppmaxClient, orApiError } from '../appmax';
import { InstallationsService, type Merchant } from '../installations';
import { type Order, orderNotFound, OrdersService } from '../orders';
import { RefundsService, UpsellsService } from '../payments';
import type { MessageAnswer, UpsellAnswer } from './answers';
import type { RefundDto, TrackingCodeDto, UpsellDto } from './dto/after-sale.dto';
import { StorefrontOrders } from './storefront-orders';

/** The operations after a sale: upsells, refunds and tracking codes. */
@Injectable()
export class AfterSalesService {
  constructor(
    private readonly appmax: AppmaxClient,
    private readonly installations: InstallationsService,
    private readonly orders: OrdersService,
    private readonly refunds: RefundsService,
    private readonly upsells: UpsellsService,
    private readonly storefront: StorefrontOrders,
  ) {}

  /** Charges an upsell to the card of an order. An upsell is an order, whose price the request sets. */
  async upsell(key: string, upsell: UpsellDto, holdsSecretKey: boolean): Promise<UpsellAnswer> {
    this.storefront.requireMaker(holdsSecretKey);
    return this.upsells.sell(await this.installations.get(key), upsell);
  }

  /** Requests a refund. The order's status changes later, when Appmax reports that the money was refunded. */
  async refund(key: string, { order_id: orderId, type, value, reason }: RefundDto): Promise<MessageAnswer> {
    const { merchant, order } = await this.saleOf(key, orderId);
    await this.refunds.request({ merchant, order, type, value, reason });
    return { message: 'Refund request accepted' };
  }

  /** Sends a shipping tracking code to Appmax. */
  async track(
    key: string,
    { order_id: orderId, shipping_tracking_code: code }: TrackingCodeDto,
  ): Promise<MessageAnswer> {
    const { merchant } = await this.saleOf(key, orderId);
    await orApiError(
      this.appmax.setTrackingCode(merchant.credentials, orderId, code),
      'tracking update failed',
    );
    return { message: 'tracking accepted' };
  }

  private async saleOf(key: string, orderId: number): Promise<{ merchant: Merchant; order: Order }> {
    const merchant = await this.installations.get(key);
    const order = await this.orders.find(orderId);
    if (order?.installationId !== merchant.installationId) throw orderNotFound();
    return { merchant, order };
  }
}
