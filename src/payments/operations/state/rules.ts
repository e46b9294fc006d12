import { REFUSED_STATUSES } from '../../../appmax';
import { isKnown, isPaid } from '../../../orders';
import { CLASS_OF_KIND, type Operation, type OrderReading, type Sale } from './operation';

/** Failures after which the same request may be sent as a new operation: Appmax has told that it did nothing. */
const HARMLESS_FAILURES: ReadonlySet<string> = new Set(['rate_limited', 'unauthorized']);

const IN_REVIEW = 'pendente_integracao_em_analise';

/** Statuses of orders that are paid, and whose money nobody wants back. */
const PAID_AS_BEFORE: ReadonlySet<string> = new Set(['aprovado', 'integrado', 'pendente_integracao']);

/** Statuses of orders whose money went back, or is being taken back, to the shopper. */
const NOT_REFUNDABLE: ReadonlySet<string> = new Set([
  'estornado',
  'chargeback_em_tratativa',
  'chargeback_em_disputa',
  'chargeback_perdido',
]);

type Kind = Pick<Operation, 'kind'>;

export const isCharge = ({ kind }: Kind): boolean => CLASS_OF_KIND[kind] === 'charge';
export const isCode = ({ kind }: Kind): boolean => CLASS_OF_KIND[kind] === 'code';
export const isRefund = ({ kind }: Kind): boolean => CLASS_OF_KIND[kind] === 'refund';
/** Whether an operation takes part in what a sale may be charged once. */
export const isPayment = (operation: Kind): boolean => isCharge(operation) || isCode(operation);
/** Whether a request of the operation may have reached Appmax. */
export const wasSent = ({ state }: Operation): boolean => state !== 'prepared' && state !== 'not_sent';
export const isRefusedStatus = (status: string): boolean => REFUSED_STATUSES.has(status);

/** Whether a reading was asked for before another one; times are ISO 8601 in UTC. */
const isOlder = (reading: OrderReading | null, other: OrderReading | null): boolean =>
  typeof reading?.readAt === 'string' && typeof other?.readAt === 'string' && reading.readAt < other.readAt;

const isUnpaid = (status: string): boolean => isKnown(status) && !isPaid(status);

const isChargedBy = ({ operations }: Sale): boolean =>
  operations.some((operation) => isCharge(operation) && operation.state === 'done' && !operation.superseded);

/**
 * The rules by which operations are made, sent, judged and told of, one function a rule. docs/architecture.md explains
 * them together; each is broken once by the explorer's list of mutants, which must notice.
 */
export const RULES = {
  /** A status in which an order takes a payment: a known one, and not a paid one. */
  isPayable: (status: string): boolean => isUnpaid(status),

  /** Only the holder of a lease that is not over may send, and only what was never sent. */
  maySend: ({ state, leaseToken, leaseOver }: Operation, token: string): boolean =>
    state === 'prepared' && leaseToken === token && !leaseOver,

  /** A success of a sale keeps every other charge and code of it from being sent. */
  isPaidFor: (sale: Sale): boolean => isChargedBy(sale),

  /** One charge or code of a sale at a time. */
  isBusy: ({ operations }: Sale): boolean =>
    operations.some(
      (operation) => isPayment(operation) && ['prepared', 'sent', 'unknown'].includes(operation.state),
    ),

  /**
   * The order's creation is the baseline until a charge or code of its sale was sent, or the order was refused by
   * something else; then Appmax is asked.
   */
  needsReading: ({ orderStatus, operations }: Sale): boolean =>
    !isKnown(orderStatus) ||
    isRefusedStatus(orderStatus) ||
    !operations.some(({ kind, state }) => kind === 'order' && state === 'done') ||
    operations.some((operation) => isPayment(operation) && wasSent(operation)),

  /** What a lease that ran out leaves behind: what may have been sent is unknown. */
  afterLease: ({ state }: Operation): 'not_sent' | 'unknown' =>
    state === 'prepared' ? 'not_sent' : 'unknown',

  /** What an unforeseen failure leaves behind, in the process that had the operation. */
  afterFailure: ({ state }: Operation): 'not_sent' | 'unknown' =>
    state === 'prepared' ? 'not_sent' : 'unknown',

  /** A lost answer is neither a success nor a failure. */
  afterLostAnswer: (): 'unknown' | 'not_done' => 'unknown',

  /** An accepted charge is done whatever its status is called, unless that is a refusal. */
  afterAcceptance: (operation: Operation, status: string | null): 'done' | 'declined' =>
    isCharge(operation) && status !== null && isRefusedStatus(status) ? 'declined' : 'done',

  /** The weakest status that an accepted charge proves, where Appmax names none. */
  acceptedStatus: (status: string | null): string => status ?? 'autorizado',

  /**
   * A reading says something of an operation only if it was asked for after the operation was sent, and not before the
   * reading that the operation was judged by.
   */
  isAbout: ({ phase, evidence }: Operation, reading: OrderReading | null): boolean =>
    phase !== 'before' && !isOlder(reading, evidence),

  /** Nothing is judged as not made before the call's own limit and the settle time are over. */
  mayBeJudgedUnpaid: ({ phase }: Operation): boolean => phase === 'over',

  /** A code whose answer was lost was seen by no shopper: it may be made anew after the call's own limit. */
  isLostCodeOver: ({ phase }: Operation): boolean => phase !== 'before' && phase !== 'running',

  /**
   * A paid order was paid by this operation if no other success explains it, and if it was paid by the operation's
   * method or by the only one that was tried.
   */
  isPaidBy: (operation: Operation, sale: Sale, { method }: OrderReading): boolean =>
    !isChargedBy(sale) && (method === null ? !sale.operations.some(isCode) : method === operation.kind),

  /** Another operation paid the order, and this one took nothing beside it: both need an answer that tells. */
  isPaidByOther: ({ kind }: Operation, sale: Sale, { method, totalPaidCents }: OrderReading): boolean =>
    method !== null && totalPaidCents !== null && (method !== kind || isChargedBy(sale)),

  /** A charge that Appmax has refused since may still look paid in a read that lags behind. */
  couldBeRefusedSince: ({ id, baseline }: Operation, { operations }: Sale): boolean =>
    baseline?.status === 'recusado_por_risco' ||
    operations.some(
      (operation) =>
        isCharge(operation) &&
        operation.id < id &&
        (operation.superseded || (operation.state === 'declined' && operation.evidence !== null)),
    ),

  /** More was paid than one payment of the order takes. */
  isPaidTwice: ({ totalCents }: Sale, { totalPaidCents, dueCents }: OrderReading): boolean =>
    totalPaidCents !== null && totalPaidCents > (dueCents ?? totalCents),

  /** A charge stands, and Appmax tells of another method: the shopper has paid an open code beside it. */
  isPaidBesideCharge: (sale: Sale, { method }: OrderReading): boolean =>
    (method === 'pix' || method === 'boleto') && sale.operations.some(isCode) && isChargedBy(sale),

  /** A refusal proves a decline only if the order was in no refused status before; one that we made starts unpaid. */
  isNewRefusal: ({ baseline }: Operation, { status }: OrderReading): boolean =>
    isRefusedStatus(status) && (baseline === null || !isRefusedStatus(baseline.status)),

  /** Of an order that was not made here, something else may have changed the status. */
  madeTheOrder: ({ operations }: Sale): boolean =>
    operations.some(({ kind, state }) => kind === 'order' && state === 'done'),

  /** A code that expires cancels its order, too. */
  couldBeExpiredCode: ({ operations }: Sale): boolean =>
    operations.some((operation) => isCode(operation) && wasSent(operation)),

  /** An earlier charge that is declined late, or whose answer was lost, cancels its order, too. */
  couldBeEarlierCharge: ({ id }: Operation, { operations }: Sale): boolean =>
    operations.some((operation) => isCharge(operation) && operation.id < id && wasSent(operation)),

  /** A status that we do not know decides nothing. */
  isUnderstood: (status: string): boolean => isKnown(status),

  /**
   * Whether a payment that shows up after all of a sale's were settled as not made may be this operation's: what Appmax's
   * own answer declined stays declined.
   */
  mayBeReopened: ({ state, superseded, evidence }: Operation): boolean =>
    state === 'not_done' || (state === 'done' && superseded) || (state === 'declined' && evidence !== null),

  /** A charge that Appmax's own answer refused is over at once: it was never made, and no read that lags behind shows it. */
  isOverByAnswer: ({ state, evidence }: Operation): boolean =>
    state === 'refused' || (state === 'declined' && evidence === null),

  /** A code that is answered again instead of making another one, in an order with a status. */
  isOpenCode: (operation: Operation, { operations }: Sale, status: string): boolean => {
    if (operation.state !== 'done' || operation.code === 'expired' || operation.code === 'none') return false;
    if (!isRefusedStatus(status)) return true;
    // A read that lags behind may show the refusal that was there before the code.
    if (operation.phase !== 'over') return true;
    // The order is refused: by a card that was tried since, or because the code expired.
    const wasCardTried = operations.some(
      (other) => isCharge(other) && other.id > operation.id && wasSent(other),
    );
    return wasCardTried;
  },

  /** Whether a request with the same key may make a new operation beside this one of its own; an open code is answered again. */
  mayBeMadeAgain: (operation: Operation): boolean =>
    operation.state === 'not_sent' ||
    (operation.state === 'refused' && HARMLESS_FAILURES.has(operation.failure ?? '')) ||
    (isCode(operation) && (operation.state === 'not_done' || operation.state === 'done')),

  /** A status that says unpaid is not believed while a success of the sale stands: the reading lags behind. */
  mayLearn: (sale: Sale, { status }: OrderReading): boolean => !(isUnpaid(status) && isChargedBy(sale)),

  /** An order whose money went back is not refunded again. */
  isRefundable: (status: string): boolean => !NOT_REFUNDABLE.has(status),

  /** What counts against an order's total: refunds that were accepted, and those that may have been. */
  countsAsRefunded: ({ state }: Operation): boolean =>
    ['prepared', 'sent', 'unknown', 'done', 'confirmed'].includes(state),

  /**
   * A refund of all that was paid, and that was under review, was denied if the order is paid as before. A part leaves no
   * trace that tells a refund that was made from one that was denied.
   */
  mayBeDenied: (operation: Operation, sale: Sale, { status }: OrderReading): boolean =>
    operation.amountCents === sale.totalCents && operation.phase === 'over' && PAID_AS_BEFORE.has(status),

  /** A person may say that something was not done only once it can't happen any more. */
  mayBeResolvedAsNotDone: ({ phase }: Operation): boolean => phase === 'over',

  /** An order under review shows that a refund was accepted. */
  isInReview: (status: string): boolean => status === IN_REVIEW,
};

export type Rules = typeof RULES;
