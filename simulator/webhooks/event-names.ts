/** The events that tell of an order, by their snake_case name, and what the older content models call them. */
export const orderEventNames = {
  order_authorized: 'OrderAuthorized',
  order_authorized_with_delay: 'OrderAuthorized',
  payment_authorized_with_delay: 'OrderAuthorized',
  order_approved: 'OrderApproved',
  order_paid: 'OrderPaid',
  order_paid_by_pix: 'OrderPaidByPix',
  order_up_sold: 'OrderUpSold',
  split_orders: 'OrderPaid',
  order_billet_created: 'OrderBilletCreated',
  order_billet_overdue: 'OrderBilletOverdue',
  order_pix_created: 'OrderPixCreated',
  order_pix_expired: 'OrderPixExpired',
  order_pending_integration: 'OrderPendingIntegration',
  order_integrated: 'OrderIntegrated',
  order_refund: 'OrderRefund',
  order_partial_refund: 'OrderPartialRefund',
  payment_not_authorized: 'PaymentNotAuthorized',
  order_refused_by_risk: 'OrderRefusedByRisk',
  order_chargeback_in_treatment: 'OrderChargeBackInTreatment',
  order_charge_back_gain: 'OrderChargeBackGain',
} as const;
export type OrderEvent = keyof typeof orderEventNames;

/** The snake_case names of the events that tell of an order. */
export const orderEvents = Object.keys(orderEventNames) as OrderEvent[];

/** The events that tell of a customer. */
export const customerEventNames = {
  customer_created: 'CustomerCreated',
  customer_interested: 'CustomerInterested',
  customer_contacted: 'CustomerContacted',
} as const;
export type CustomerEvent = keyof typeof customerEventNames;

/** The events that tell of a subscription; `subscription_created` is an order event in the older models. */
export const subscriptionEventNames = {
  subscription_created: 'CreatedSubscription',
  subscription_cancelation: 'SubscriptionCancellationEvent',
  subscription_delayed: 'SubscriptionDelayedEvent',
  subscription_charge_success: 'subscription_charge_success',
  subscription_charge_failed: 'subscription_charge_failed',
} as const;
export type SubscriptionEvent = keyof typeof subscriptionEventNames;

export type WebhookEvent = OrderEvent | CustomerEvent | SubscriptionEvent;

/** Whether a name, in snake_case, is one that Appmax uses for orders. */
export function isOrderEvent(name: string): name is OrderEvent {
  return Object.hasOwn(orderEventNames, name);
}

export function isCustomerEvent(name: string): name is CustomerEvent {
  return Object.hasOwn(customerEventNames, name);
}

export function isSubscriptionEvent(name: string): name is SubscriptionEvent {
  return Object.hasOwn(subscriptionEventNames, name);
}
