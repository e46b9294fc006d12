import { z } from 'zod';
import { type Merchant } from '../merchants/merchant';
import { type Order } from '../orders/order';
import { contentModels } from '../settings/settings';
import { type Simulator } from '../simulator';
import { isCustomerEvent, isOrderEvent, isSubscriptionEvent } from '../webhooks/event-names';
import { customerFacts, type OrderFacts, orderFacts } from '../webhooks/order-facts';
import {
  customerWebhook,
  orderWebhook,
  subscriptionWebhook,
  type WebhookBody,
} from '../webhooks/webhook-body';
import { type Outgoing } from '../webhooks/webhook-dispatcher';
import { webhookShape, webhookUrl } from '../webhooks/webhook-publisher';
import { ControlError } from './control-error';

/** The request for a forged webhook: a body of any kind, or an event that never happened. */
export const forgeSchema = z.strictObject({
  /** Sent unchanged: text byte for byte, anything else as JSON. The fields that build a body are then ignored. */
  body: z.unknown().optional(),
  url: z.url().optional(),
  /** In snake_case. */
  event: z.string().optional(),
  order_id: z.number().int().optional(),
  status: z.string().optional(),
  external_key: z.string().optional(),
  content_model: z.enum(contentModels).optional(),
  app_store_envelope: z.boolean().optional(),
  reason: z.string().optional(),
});
type ForgeRequest = z.output<typeof forgeSchema>;

function sampleFacts(orderId: number, status: string): OrderFacts {
  return {
    orderId,
    status,
    productsValue: 14_990,
    shippingValue: 1500,
    discountValue: 0,
    interest: 0,
    total: 16_490,
    products: [{ sku: 'CAM-01', name: 'Camiseta', quantity: 1, unit_value: 14_990 }],
    customer: {
      id: 501,
      firstname: 'Marina',
      lastname: 'Souza',
      email: 'marina.souza@example.com',
      phone: '11988887777',
      documentNumber: '52998224725',
    },
    payment: null,
    boletoUrl: null,
    pixExpiration: null,
    subscriptionId: 41,
    createdAt: '2026-01-01 10:00:00',
    paidAt: null,
  };
}

function factsOf(simulator: Simulator, order: Order | undefined, request: ForgeRequest): OrderFacts {
  if (order === undefined) return sampleFacts(request.order_id ?? 1, request.status ?? 'aprovado');
  return orderFacts(order, request.status ?? order.status, () => '', simulator.settings.utc_offset_hours);
}

function builtBody(
  simulator: Simulator,
  merchant: Merchant,
  order: Order | undefined,
  request: ForgeRequest,
): WebhookBody {
  const { settings, environment } = simulator;
  const usual = webhookShape(
    { settings, appId: environment.SIMULATOR_APP_ID_UUID, boletoUrl: () => '' },
    merchant,
  );
  const shape = {
    ...usual,
    model: request.content_model ?? usual.model,
    envelope: request.app_store_envelope ?? usual.envelope,
  };
  const event = request.event ?? 'order_paid';
  const facts = factsOf(simulator, order, request);
  if (isOrderEvent(event)) return orderWebhook(shape, event, facts, request.reason);
  if (isSubscriptionEvent(event)) return subscriptionWebhook(shape, event, facts);
  if (isCustomerEvent(event)) {
    return customerWebhook(
      shape,
      event,
      order === undefined ? facts.customer : customerFacts(order.customer),
    );
  }
  throw new ControlError(400, 'event: unknown to Appmax; use body to send any other event');
}

/**
 * Builds a forged webhook.
 * @throws ControlError 400 for an event that Appmax doesn't know
 */
export function forgedWebhook(simulator: Simulator, request: ForgeRequest): Outgoing {
  const order = request.order_id === undefined ? undefined : simulator.orders.get(request.order_id);
  const merchant =
    order?.merchant ??
    (request.external_key === undefined ? undefined : simulator.merchants.find(request.external_key));
  const url = request.url ?? webhookUrl(simulator.settings, merchant);
  const common = { orderId: request.order_id ?? null, externalKey: merchant?.externalKey ?? null, url };
  if (request.body !== undefined) {
    const body = typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
    return { ...common, event: request.event ?? '(raw body)', body };
  }
  const forMerchant =
    merchant ?? simulator.merchants.obtain({ externalKey: request.external_key ?? 'forged' });
  const body = builtBody(simulator, forMerchant, order, request);
  return { ...common, event: body.event, externalKey: forMerchant.externalKey, body: JSON.stringify(body) };
}
