import { approveByAntiFraud, authorizedCards, chargedCards, refuseByAntiFraud } from '../payments/anti-fraud';
import {
  expirePix,
  markBoletoOverdue,
  openBoleto,
  openPix,
  payablePayments,
  payOpenPayment,
} from '../payments/open-payments';
import { type OrderEvent } from '../webhooks/event-names';
import {
  disputeChargeback,
  isOpenChargeback,
  loseChargeback,
  openChargeback,
  winChargeback,
} from './chargebacks';
import { type Order } from './order';
import { type OrderContext, record } from './order-context';
import { isPaid, isPayable } from './order-status';
import {
  completeRefund,
  denyRefund,
  pendingRefund,
  putUnderReview,
  refundableAmount,
  requestRefund,
} from './refunds';
import { awaitIntegration, integrate, settle } from './settling';

/** The actions on an order that the merchant's server does not perform. */
export const orderActionNames = [
  'pay',
  'expire',
  'overdue',
  'approve',
  'refuse',
  'settle',
  'await-integration',
  'integrate',
  'review',
  'refund',
  'partial-refund',
  'deny-refund',
  'chargeback',
  'chargeback-dispute',
  'chargeback-win',
  'chargeback-lose',
  'set-status',
] as const;
export type OrderAction = (typeof orderActionNames)[number];

/** The options of an action. */
export interface ActionOptions {
  /** pay: the id of the payment; by default the newest open one. */
  readonly paymentId?: number | undefined;
  /** partial-refund: cents; by default those of the open request, or half of what is left. */
  readonly value?: number | undefined;
  /** set-status: the new status, any text. */
  readonly status?: string | undefined;
  /** set-status: the event of the webhook to send; by default none is sent. */
  readonly webhook?: OrderEvent | undefined;
}

interface ActionRule {
  /** The label of the button. */
  readonly label: string;
  readonly possible: (order: Order) => boolean;
  readonly perform: (context: OrderContext, order: Order, options: ActionOptions) => void;
}

/** Thrown when the order's state does not allow an action. */
export class ImpossibleAction extends Error {}

function pay(context: OrderContext, order: Order, options: ActionOptions): void {
  const candidates = payablePayments(order);
  const payment =
    options.paymentId === undefined
      ? candidates.at(-1)
      : candidates.find(({ id }) => id === options.paymentId);
  if (payment === undefined) throw new ImpossibleAction(`payment ${options.paymentId ?? ''} can't be paid`);
  payOpenPayment(context, order, payment);
}

function refundAll(context: OrderContext, order: Order): void {
  const refund =
    pendingRefund(order, 'total') ?? requestRefund(context, order, 'total', refundableAmount(order));
  completeRefund(context, order, refund);
}

function refundPart(context: OrderContext, order: Order, options: ActionOptions): void {
  const pending = options.value === undefined ? pendingRefund(order, 'partial') : undefined;
  const value = options.value ?? Math.floor(refundableAmount(order) / 2);
  if (pending === undefined && (value < 1 || value > refundableAmount(order))) {
    throw new ImpossibleAction(`at most ${refundableAmount(order)} cents can be refunded`);
  }
  completeRefund(context, order, pending ?? requestRefund(context, order, 'partial', value));
}

function setStatus(context: OrderContext, order: Order, { status, webhook }: ActionOptions): void {
  if (status === undefined) throw new ImpossibleAction('set-status needs a status');
  record(context, order, status, 'status set by hand');
  if (webhook !== undefined) context.publisher.order(order, webhook);
}

const rules: Record<OrderAction, ActionRule> = {
  pay: { label: 'Pay', possible: (order) => payablePayments(order).length > 0, perform: pay },
  expire: {
    label: 'Expire the Pix',
    possible: (order) => openPix(order) !== undefined,
    perform: (context, order) => {
      const payment = openPix(order);
      if (payment !== undefined) expirePix(context, order, payment);
    },
  },
  overdue: {
    label: 'Make the boleto overdue',
    possible: (order) => openBoleto(order) !== undefined,
    perform: (context, order) => {
      const payment = openBoleto(order);
      if (payment !== undefined) markBoletoOverdue(context, order, payment);
    },
  },
  approve: {
    label: 'Anti-fraud: approve',
    possible: (order) =>
      authorizedCards(order).length > 0 && (isPayable(order.status) || isPaid(order.status)),
    perform: approveByAntiFraud,
  },
  refuse: {
    label: 'Anti-fraud: refuse',
    possible: (order) =>
      order.refunds.length === 0 &&
      (isPayable(order.status) || isPaid(order.status)) &&
      (authorizedCards(order).length > 0 || chargedCards(order).length > 0),
    perform: refuseByAntiFraud,
  },
  settle: {
    label: 'Settle',
    possible: (order) => isPaid(order.status) && order.settledAt === null,
    perform: settle,
  },
  'await-integration': {
    label: 'Await integration',
    possible: (order) => order.status === 'aprovado',
    perform: awaitIntegration,
  },
  integrate: {
    label: 'Integrate',
    possible: (order) => isPaid(order.status) && order.status !== 'integrado',
    perform: integrate,
  },
  review: {
    label: 'Put under review',
    possible: (order) => order.status === 'aprovado' || order.status === 'pendente_integracao',
    perform: (context, order) => {
      putUnderReview(context, order, 'refund under manual review');
    },
  },
  refund: {
    label: 'Refund everything',
    possible: (order) =>
      isPaid(order.status) && (pendingRefund(order, 'total') !== undefined || refundableAmount(order) > 0),
    perform: refundAll,
  },
  'partial-refund': {
    label: 'Refund a part',
    possible: (order) =>
      isPaid(order.status) && (pendingRefund(order, 'partial') !== undefined || refundableAmount(order) > 1),
    perform: refundPart,
  },
  'deny-refund': {
    label: 'Deny the refund',
    possible: (order) => pendingRefund(order) !== undefined,
    perform: (context, order) => {
      const refund = pendingRefund(order);
      if (refund !== undefined) denyRefund(context, order, refund);
    },
  },
  chargeback: {
    label: 'Open a chargeback',
    possible: (order) => isPaid(order.status) || order.status === 'estornado',
    perform: openChargeback,
  },
  'chargeback-dispute': {
    label: 'Dispute the chargeback',
    possible: (order) => order.status === 'chargeback_em_tratativa',
    perform: disputeChargeback,
  },
  'chargeback-win': {
    label: 'Chargeback: merchant wins',
    possible: isOpenChargeback,
    perform: winChargeback,
  },
  'chargeback-lose': {
    label: 'Chargeback: merchant loses',
    possible: isOpenChargeback,
    perform: loseChargeback,
  },
  'set-status': { label: 'Set the status', possible: () => true, perform: setStatus },
};

/** Returns the actions that are possible for an order now, with their labels. */
export function possibleActions(order: Order): { action: OrderAction; label: string }[] {
  return orderActionNames
    .filter((action) => rules[action].possible(order))
    .map((action) => ({ action, label: rules[action].label }));
}

/**
 * Performs an action on an order and records all its effects: money, history, webhooks.
 * @throws ImpossibleAction when the order's state does not allow it
 */
export function performAction(
  context: OrderContext,
  order: Order,
  action: OrderAction,
  options: ActionOptions = {},
): void {
  const rule = rules[action];
  if (!rule.possible(order))
    throw new ImpossibleAction(`${action} is not possible for an order in ${order.status}`);
  rule.perform(context, order, options);
}
