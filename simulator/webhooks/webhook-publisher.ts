import { type Customer } from '../customers/customer';
import { type Merchant } from '../merchants/merchant';
import { type Order } from '../orders/order';
import { type Settings } from '../settings/settings';
import { type CustomerEvent, type OrderEvent } from './event-names';
import { customerFacts, orderFacts } from './order-facts';
import {
  customerWebhook,
  orderWebhook,
  subscriptionWebhook,
  type WebhookBody,
  type WebhookShape,
} from './webhook-body';
import { type WebhookDispatcher } from './webhook-dispatcher';

/** The dependencies of the publisher. */
export interface PublisherContext {
  readonly settings: Settings;
  readonly appId: string;
  /** Returns the URL of a boleto's PDF. */
  readonly boletoUrl: (paymentId: number) => string;
}

/** Returns the URL for a merchant's webhooks. */
export function webhookUrl(settings: Settings, merchant: Merchant | undefined): string {
  const { webhook_url: ofSettings } = settings;
  return merchant?.webhookUrl ?? ofSettings ?? `${settings.service_url.replace(/\/+$/, '')}/webhooks/appmax`;
}

/** Returns the format of a merchant's webhooks. */
export function webhookShape(context: PublisherContext, merchant: Merchant): WebhookShape {
  const { settings, appId } = context;
  return {
    model: merchant.contentModel ?? settings.content_model,
    envelope: merchant.appStoreEnvelope ?? settings.app_store_envelope,
    appId,
    merchant,
    ids: settings.webhook_ids,
  };
}

/** Creates and dispatches the webhooks of orders and customers, in each merchant's format. */
export class WebhookPublisher {
  constructor(
    private readonly context: PublisherContext,
    private readonly dispatcher: WebhookDispatcher,
  ) {}

  /** Sends the webhook of an order event with the order's current data. */
  order(order: Order, event: OrderEvent, reason?: string): void {
    const { settings } = this.context;
    if (!settings.webhooks) return;
    // The webhook asserts `cancelado`, although Appmax leaves the order at `pendente`.
    const status = event === 'order_billet_overdue' ? 'cancelado' : order.status;
    const facts = orderFacts(order, status, this.context.boletoUrl, settings.utc_offset_hours);
    const body = orderWebhook(webhookShape(this.context, order.merchant), event, facts, reason);
    this.dispatch(order.merchant, body, order.id);
  }

  /** Sends the webhook of a subscription that an order's payment has started. */
  subscriptionCreated(order: Order): void {
    const { settings } = this.context;
    if (!settings.webhooks) return;
    const facts = orderFacts(order, order.status, this.context.boletoUrl, settings.utc_offset_hours);
    const body = subscriptionWebhook(
      webhookShape(this.context, order.merchant),
      'subscription_created',
      facts,
    );
    this.dispatch(order.merchant, body, order.id);
  }

  /** Sends the webhook of a customer event if `customer_webhooks` is on. */
  customer(merchant: Merchant, customer: Customer, event: CustomerEvent): void {
    const { settings } = this.context;
    if (!settings.webhooks || !settings.customer_webhooks) return;
    this.dispatch(
      merchant,
      customerWebhook(webhookShape(this.context, merchant), event, customerFacts(customer)),
      null,
    );
  }

  private dispatch(merchant: Merchant, body: WebhookBody, orderId: number | null): void {
    this.dispatcher.dispatch({
      event: body.event,
      orderId,
      externalKey: merchant.externalKey,
      url: webhookUrl(this.context.settings, merchant),
      body: JSON.stringify(body),
    });
  }
}
