import type { OrderStatus } from '../../orders';

/** The events that assert a status, by that status: names in PascalCase, then in snake_case. */
const EVENTS_BY_STATUS: Partial<Record<OrderStatus, readonly string[]>> = {
  autorizado: ['OrderAuthorized', 'order_authorized'],
  aprovado: [
    'OrderApproved',
    'OrderPaid',
    'OrderPaidByPix',
    'OrderUpSold',
    'CreatedSubscription',
    'order_approved',
    'order_paid',
    'order_paid_by_pix',
    'order_up_sold',
  ],
  pendente: ['OrderBilletCreated', 'OrderPixCreated', 'order_billet_created', 'order_pix_created'],
  pendente_integracao: ['OrderPendingIntegration', 'order_pending_integration'],
  integrado: ['OrderIntegrated', 'order_integrated'],
  estornado: ['OrderRefund', 'order_refund'],
  cancelado: [
    'OrderPixExpired',
    'OrderBilletOverdue',
    'PaymentNotAuthorized',
    'order_pix_expired',
    'order_billet_overdue',
    'payment_not_authorized',
  ],
  recusado_por_risco: ['OrderRefusedByRisk', 'order_refused_by_risk'],
  chargeback_em_tratativa: ['OrderChargeBackInTreatment', 'order_chargeback_in_treatment'],
  chargeback_vencido: ['OrderChargeBackGain', 'order_charge_back_gain'],
};

/** Events about a customer or a subscription: their `id` is not the id of an order. */
const EVENTS_WITHOUT_ORDER: ReadonlySet<string> = new Set([
  'CustomerCreated',
  'CustomerInterested',
  'CustomerContacted',
  'SubscriptionCancellationEvent',
  'SubscriptionDelayedEvent',
  'customer_created',
  'customer_interested',
  'customer_contacted',
  'subscription_created',
  'subscription_cancelation',
  'subscription_delayed',
  'subscription_charge_success',
  'subscription_charge_failed',
]);

const STATUS_BY_EVENT: ReadonlyMap<string, OrderStatus> = new Map(
  Object.entries(EVENTS_BY_STATUS).flatMap(([status, events]) =>
    events.map((event) => [event, status as OrderStatus]),
  ),
);

/** Returns the asserted status of an event; undefined for an event that asserts none, and for an unknown event. */
export function statusOf(event: string): OrderStatus | undefined {
  return STATUS_BY_EVENT.get(event);
}

/** Returns true if events with this name concern no order. */
export function hasNoOrder(event: string): boolean {
  return EVENTS_WITHOUT_ORDER.has(event);
}

/**
 * Events that give their order no status, so Appmax is asked for it: a part of the order was refunded; the status is an
 * hour old (`…WithDelay`); or the meaning of the event is not documented (`split_orders`).
 */
const EVENTS_WITHOUT_STATUS: ReadonlySet<string> = new Set([
  'OrderPartialRefund',
  'OrderAuthorizedWithDelay',
  'PaymentAuthorizedWithDelay',
  'PaymentNotAuthorizedWithDelay',
  'SplitOrders',
  'order_partial_refund',
  'order_authorized_with_delay',
  'payment_authorized_with_delay',
  'payment_not_authorized_with_delay',
  'split_orders',
]);

/** The names of all known events, for the documentation: those that assert a status, by status, and the others. */
export const EVENT_NAMES = {
  byStatus: EVENTS_BY_STATUS,
  withoutStatus: [...EVENTS_WITHOUT_STATUS],
  withoutOrder: [...EVENTS_WITHOUT_ORDER],
};

/** Returns true if Appmax is known to send events with this name. */
export function isKnown(event: string): boolean {
  return STATUS_BY_EVENT.has(event) || EVENTS_WITHOUT_ORDER.has(event) || EVENTS_WITHOUT_STATUS.has(event);
}
