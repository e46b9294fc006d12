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
import { type WebhookDesk } from './webhook-desk';

/** What the publisher must know of its surroundings. */
export interface PublisherContext {
  readonly settings: Settings;
  readonly appId: string;
  /** Where the PDF of a boleto can be fetched. */
  readonly boletoUrl: (paymentId: number) => string;
}

/** Where a merchant's webhooks go. */
export function webhookUrl(settings: Settings, merchant: Merchant | undefined): string {
  return merchant?.webhookUrl ?? `${settings.service_url.replace(/\/+$/, '')}/webhooks/appmax`;
}

/** The shape in which a merchant's webhooks go out. */
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

/** Turns what happens to orders and customers into webhooks, in the shape each merchant gets. */
export class WebhookPublisher {
  constructor(
    private readonly context: PublisherContext,
    private readonly desk: WebhookDesk,
  ) {}

  /** Tells of an event of an order, as the order is now. */
  order(order: Order, event: OrderEvent, reason?: string): void {
    const { settings } = this.context;
    if (!settings.webhooks) return;
    // Appmax says "overdue" of an order that it leaves at pendente.
    const status = event === 'order_billet_overdue' ? 'cancelado' : order.status;
    const facts = orderFacts(order, status, this.context.boletoUrl, settings.utc_offset_hours);
    const body = orderWebhook(webhookShape(this.context, order.merchant), event, facts, reason);
    this.dispatch(order.merchant, body, order.id);
  }

  /** Tells that an order's payment began a subscription. */
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

  /** Tells of a customer, if the settings want it told. */
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
    this.desk.dispatch({
      event: body.event,
      orderId,
      externalKey: merchant.externalKey,
      url: webhookUrl(this.context.settings, merchant),
      body: JSON.stringify(body),
    });
  }
}
