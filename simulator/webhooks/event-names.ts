/** The order events by snake_case name (`old_legacy` models), with their name in the other content models. */
export const orderEventNames = {
  order_authorized: 'OrderAuthorized',
  order_authorized_with_delay: 'OrderAuthorizedWithDelay',
  payment_authorized_with_delay: 'PaymentAuthorizedWithDelay',
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
  payment_not_authorized_with_delay: 'PaymentNotAuthorizedWithDelay',
  order_refused_by_risk: 'OrderRefusedByRisk',
  order_chargeback_in_treatment: 'OrderChargeBackInTreatment',
  order_charge_back_gain: 'OrderChargeBackGain',
} as const;
export type OrderEvent = keyof typeof orderEventNames;

/** The snake_case names of the order events. */
export const orderEvents = Object.keys(orderEventNames) as OrderEvent[];

/** The customer events. */
export const customerEventNames = {
  customer_created: 'CustomerCreated',
  customer_interested: 'CustomerInterested',
  customer_contacted: 'CustomerContacted',
} as const;
export type CustomerEvent = keyof typeof customerEventNames;

/** The subscription events. Outside the `old_legacy` models `subscription_created` has the data of an order. */
export const subscriptionEventNames = {
  subscription_created: 'CreatedSubscription',
  subscription_cancelation: 'SubscriptionCancellationEvent',
  subscription_delayed: 'SubscriptionDelayedEvent',
  subscription_charge_success: 'subscription_charge_success',
  subscription_charge_failed: 'subscription_charge_failed',
} as const;
export type SubscriptionEvent = keyof typeof subscriptionEventNames;

export type WebhookEvent = OrderEvent | CustomerEvent | SubscriptionEvent;

/** Returns true if a snake_case name is an order event. */
export function isOrderEvent(name: string): name is OrderEvent {
  return Object.hasOwn(orderEventNames, name);
}

export function isCustomerEvent(name: string): name is CustomerEvent {
  return Object.hasOwn(customerEventNames, name);
}

export function isSubscriptionEvent(name: string): name is SubscriptionEvent {
  return Object.hasOwn(subscriptionEventNames, name);
}
