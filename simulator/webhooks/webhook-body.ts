import { type Merchant } from '../merchants/merchant';
import { type ContentModel } from '../settings/settings';
import { customerEventNames, orderEventNames, subscriptionEventNames } from './event-names';
import { type CustomerEvent, type OrderEvent, type SubscriptionEvent } from './event-names';
import { type IdForm, orderContent } from './order-content';
import { type CustomerFacts, type OrderFacts } from './order-facts';

/** The format of a webhook. */
export interface WebhookShape {
  readonly model: ContentModel;
  /** True if the App Store's fields are added. */
  readonly envelope: boolean;
  readonly appId: string;
  readonly merchant: Merchant;
  readonly ids: 'number' | 'text';
}

/** The body of a webhook before it is serialized. */
export interface WebhookBody {
  readonly event: string;
  readonly event_type: string;
  readonly data: Record<string, unknown>;
  readonly [field: string]: unknown;
}

const idForms: Record<WebhookShape['ids'], IdForm> = { number: (id) => id, text: String };

function isLegacy(model: ContentModel): boolean {
  return model === 'old_legacy' || model === 'old_legacy_nested';
}

function enveloped(shape: WebhookShape, body: WebhookBody): WebhookBody {
  if (!shape.envelope) return body;
  const { merchant } = shape;
  return {
    ...body,
    site_id: merchant.siteId,
    app_id: shape.appId,
    client_key: merchant.externalKey,
    external_key: merchant.externalKey,
    partner_merchant: {
      merchant_email: merchant.email,
      merchant_document_number: merchant.documentNumber,
      merchant_phone: merchant.phone,
    },
  };
}

/**
 * Builds the webhook of an order event.
 * @param reason the cause of a declined payment; models other than `old_legacy` append it to the event's name
 */
export function orderWebhook(
  shape: WebhookShape,
  event: OrderEvent,
  facts: OrderFacts,
  reason?: string,
): WebhookBody {
  const options = { event, envelope: shape.envelope, id: idForms[shape.ids] };
  const data = orderContent(shape.model, facts, options);
  if (isLegacy(shape.model)) {
    const ofPayment = shape.envelope && event.startsWith('payment_');
    return enveloped(shape, { event, event_type: ofPayment ? 'payment' : 'order', data });
  }
  const name = orderEventNames[event];
  return enveloped(shape, {
    event: reason === undefined ? name : `${name} | Reason: ${reason}`,
    event_type: '',
    data,
  });
}

/** Builds the webhook of a customer event, which has no order. */
export function customerWebhook(
  shape: WebhookShape,
  event: CustomerEvent,
  customer: CustomerFacts,
): WebhookBody {
  const id = idForms[shape.ids];
  const { firstname, lastname, email, phone } = customer;
  if (!isLegacy(shape.model)) {
    const data = { id: id(customer.id), site_id: 88, firstname, lastname, email, phone };
    return enveloped(shape, { event: customerEventNames[event], event_type: '', data });
  }
  const data = shape.envelope
    ? {
        customer_id: id(customer.id),
        customer_data: {
          firstname,
          lastname,
          email,
          telephone: phone,
          document_number: customer.documentNumber,
        },
      }
    : { id: id(customer.id) };
  return enveloped(shape, { event, event_type: 'customer', data });
}

/** Builds the webhook of a subscription. Outside `old_legacy` models, its creation has the data of the first order. */
export function subscriptionWebhook(
  shape: WebhookShape,
  event: SubscriptionEvent,
  facts: OrderFacts,
): WebhookBody {
  const id = idForms[shape.ids];
  const subscriptionId = facts.subscriptionId === null ? null : id(facts.subscriptionId);
  if (isLegacy(shape.model)) {
    const data = shape.envelope
      ? {
          subscription_id: subscriptionId,
          subscription_name: 'Assinatura',
          total: facts.total,
          customer_id: id(facts.customer.id),
          created_at: facts.createdAt,
          updated_at: facts.createdAt,
        }
      : { id: id(facts.customer.id) };
    return enveloped(shape, { event, event_type: 'subscription', data });
  }
  const data =
    event === 'subscription_created'
      ? orderContent(shape.model, facts, { event, envelope: shape.envelope, id })
      : {
          id: id(facts.customer.id),
          site_id: 88,
          firstname: facts.customer.firstname,
          lastname: facts.customer.lastname,
          subscription: { id: subscriptionId },
        };
  return enveloped(shape, { event: subscriptionEventNames[event], event_type: '', data });
}
