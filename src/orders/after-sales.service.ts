import { Injectable, Logger } from '@nestjs/common';
import { AppmaxClient } from '../appmax/appmax.client';
import { AppmaxFailure } from '../appmax/appmax-failure';
import { orApiError } from '../appmax/failure-to-api-error';
import { ApiError } from '../common/errors/api-error';
import { InstallationsService, type Merchant } from '../installations/installations.service';
import type { MessageAnswer, UpsellAnswer } from './answers';
import type { RefundDto, TrackingCodeDto, UpsellDto } from './dto/after-sale.dto';
import { KnownOrders } from './known-orders';
import { OrdersService } from './orders.service';

/** What comes after a sale: refunds, tracking codes, and selling more to the same shopper. */
@Injectable()
export class AfterSalesService {
  private readonly logger = new Logger('Orders');

  constructor(
    private readonly appmax: AppmaxClient,
    private readonly installations: InstallationsService,
    private readonly orders: OrdersService,
    private readonly knownOrders: KnownOrders,
  ) {}

  /** Asks for a refund; the order changes when Appmax says that the money went back. */
  async refund(key: string, { order_id: orderId, type, value }: RefundDto): Promise<MessageAnswer> {
    const merchant = await this.merchantOf(key, orderId);
    await orApiError(
      this.appmax.requestRefund(merchant.credentials, { orderId, type, value }),
      'refund request failed',
    );
    return { message: 'Refund request accepted' };
  }

  async track(
    key: string,
    { order_id: orderId, shipping_tracking_code: code }: TrackingCodeDto,
  ): Promise<MessageAnswer> {
    const merchant = await this.merchantOf(key, orderId);
    await orApiError(
      this.appmax.setTrackingCode(merchant.credentials, orderId, code),
      'tracking update failed',
    );
    return { message: 'tracking accepted' };
  }

  /** Sells more on the card of the order that the hash came with. The new order becomes one of ours. */
  async upsell(key: string, upsell: UpsellDto): Promise<UpsellAnswer> {
    const merchant = await this.installations.get(key);
    const { message, redirectUrl, orderId } = await orApiError(
      this.appmax.upsell(merchant.credentials, upsell),
      'upsell failed',
    );
    if (orderId !== undefined) await this.saveUpsell(merchant, orderId);
    return {
      message: message ?? 'upsell accepted',
      ...(redirectUrl === undefined ? {} : { redirect_url: redirectUrl }),
    };
  }

  /** The sale is made whether or not we can look at it now: its webhook comes with another chance to save it. */
  private async saveUpsell(merchant: Merchant, orderId: number): Promise<void> {
    try {
      await this.knownOrders.get(merchant, orderId);
    } catch (error) {
      if (!(error instanceof AppmaxFailure || error instanceof ApiError)) throw error;
      this.logger.warn({ orderId, reason: error.message }, 'The order of an upsell could not be saved yet');
    }
  }

  private async merchantOf(key: string, orderId: number): Promise<Merchant> {
    const merchant = await this.installations.get(key);
    const order = await this.orders.find(orderId);
    if (order?.installationId !== merchant.installationId) throw new ApiError(404, 'order not found');
    return merchant;
  }
}
