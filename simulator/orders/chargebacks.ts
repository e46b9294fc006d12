import { capturedAmount, type Order, refundedAmount } from './order';
import { type OrderContext, record, scheduleAutomaticEvent } from './order-context';

function recordMoney(context: OrderContext, order: Order, kind: 'chargeback' | 'chargeback_reversal'): void {
  const payment = order.payments.findLast(({ state }) => state === 'paid');
  if (payment === undefined) return;
  const cents =
    kind === 'chargeback' ? capturedAmount(order) - refundedAmount(order) : disputedAmount(context, order);
  context.ledger.record(kind, order, { method: payment.method, cents, reference: payment.reference });
}

/** Cents that the shopper's bank took back when the chargeback was opened. */
function disputedAmount(context: OrderContext, order: Order): number {
  return context.ledger.list(order.id).findLast(({ kind }) => kind === 'chargeback')?.cents ?? 0;
}

/** Opens a chargeback: the shopper's bank takes the money back. */
export function openChargeback(context: OrderContext, order: Order): void {
  recordMoney(context, order, 'chargeback');
  record(context, order, 'chargeback_em_tratativa', 'chargeback opened');
  context.publisher.order(order, 'order_chargeback_in_treatment');
  const { settings } = context;
  scheduleAutomaticEvent(context, order, settings.chargeback_decision_after_seconds, (current) => {
    if (!isOpenChargeback(current)) return;
    if (settings.chargeback_decision === 'win') winChargeback(context, current);
    else loseChargeback(context, current);
  });
}

/** Returns true if a chargeback is open and undecided. */
export function isOpenChargeback(order: Order): boolean {
  return order.status === 'chargeback_em_tratativa' || order.status === 'chargeback_em_disputa';
}

/** Disputes a chargeback for the merchant. Appmax sends no webhook for it. */
export function disputeChargeback(context: OrderContext, order: Order): void {
  record(context, order, 'chargeback_em_disputa', 'chargeback disputed');
}

/** Ends a chargeback in the merchant's favor: the merchant gets the money back. */
export function winChargeback(context: OrderContext, order: Order): void {
  recordMoney(context, order, 'chargeback_reversal');
  record(context, order, 'chargeback_vencido', 'chargeback won');
  context.publisher.order(order, 'order_charge_back_gain');
}

/** Ends a chargeback in the shopper's favor. Appmax sends no webhook for it. */
export function loseChargeback(context: OrderContext, order: Order): void {
  record(context, order, 'chargeback_perdido', 'chargeback lost');
}
