import { LIFECYCLE } from '../../orders';
import { hasNoOrder, isKnown, statusOf } from './event-catalogue';

const WITH_STATUS: readonly [event: string, status: string][] = [
  ['OrderAuthorized', 'autorizado'],
  ['order_authorized', 'autorizado'],
  ['OrderApproved', 'aprovado'],
  ['OrderPaid', 'aprovado'],
  ['OrderPaidByPix', 'aprovado'],
  ['OrderUpSold', 'aprovado'],
  ['CreatedSubscription', 'aprovado'],
  ['order_approved', 'aprovado'],
  ['order_paid', 'aprovado'],
  ['order_paid_by_pix', 'aprovado'],
  ['order_up_sold', 'aprovado'],
  ['OrderBilletCreated', 'pendente'],
  ['OrderPixCreated', 'pendente'],
  ['order_billet_created', 'pendente'],
  ['order_pix_created', 'pendente'],
  ['OrderPendingIntegration', 'pendente_integracao'],
  ['order_pending_integration', 'pendente_integracao'],
  ['OrderIntegrated', 'integrado'],
  ['order_integrated', 'integrado'],
  ['OrderRefund', 'estornado'],
  ['order_refund', 'estornado'],
  ['OrderPixExpired', 'cancelado'],
  ['OrderBilletOverdue', 'cancelado'],
  ['PaymentNotAuthorized', 'cancelado'],
  ['order_pix_expired', 'cancelado'],
  ['order_billet_overdue', 'cancelado'],
  ['payment_not_authorized', 'cancelado'],
  ['OrderRefusedByRisk', 'recusado_por_risco'],
  ['order_refused_by_risk', 'recusado_por_risco'],
  ['OrderChargeBackInTreatment', 'chargeback_em_tratativa'],
  ['order_chargeback_in_treatment', 'chargeback_em_tratativa'],
  ['OrderChargeBackGain', 'chargeback_vencido'],
  ['order_charge_back_gain', 'chargeback_vencido'],
];

const WITHOUT_STATUS = [
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
];

const WITHOUT_ORDER = [
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
];

describe('the catalogue of events', () => {
  it.each(WITH_STATUS)('the event %s asserts the status %s', (event, status) => {
    expect(statusOf(event)).toBe(status);
    expect(LIFECYCLE).toContain(status);
    expect(hasNoOrder(event)).toBe(false);
  });

  it.each(WITHOUT_STATUS)('the event %s is known, has an order and asserts no status', (event) => {
    expect(isKnown(event)).toBe(true);
    expect(statusOf(event)).toBeUndefined();
    expect(hasNoOrder(event)).toBe(false);
  });

  it.each(WITHOUT_ORDER)('the event %s has no order and no status', (event) => {
    expect(statusOf(event)).toBeUndefined();
    expect(hasNoOrder(event)).toBe(true);
  });

  it.each([
    'order_teleported',
    'ORDERPAID',
    'Order_Paid',
    ' OrderPaid',
    '',
    'constructor',
    '__proto__',
    'toString',
  ])('the event %j is unknown', (event) => {
    expect(statusOf(event)).toBeUndefined();
    expect(hasNoOrder(event)).toBe(false);
  });
});
