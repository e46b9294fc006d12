import { REFUSED_STATUSES } from '../../../appmax';
import { isKnown, isPaid } from '../../../orders';
import { CLASS_OF_KIND, type Operation, type OrderReading, type Sale } from './operation';

/** The failures after which the same request may be sent as a new operation: they prove that Appmax did nothing. */
const HARMLESS_FAILURES: ReadonlySet<string> = new Set(['rate_limited', 'unauthorized']);

const IN_REVIEW = 'pendente_integracao_em_analise';

/** The statuses of paid orders without a refund or a chargeback. */
const PAID_AS_BEFORE: ReadonlySet<string> = new Set(['aprovado', 'integrado', 'pendente_integracao']);

/** The statuses of orders that are refunded or have a chargeback. */
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
/** Returns true for a charge or a code: a sale may have only one successful payment. */
export const isPayment = (operation: Kind): boolean => isCharge(operation) || isCode(operation);
/** Returns true if a process holds, or held until its lease expired, the operation to send it. */
export const isUnderWay = ({ state }: Operation): boolean => state === 'prepared' || state === 'sent';
/** Returns true if the operation's request may have reached Appmax. */
export const wasSent = ({ state }: Operation): boolean => state !== 'prepared' && state !== 'not_sent';
export const isRefusedStatus = (status: string): boolean => REFUSED_STATUSES.has(status);

/** Returns true if a reading was requested before another one; times are ISO 8601 in UTC. */
const isOlder = (reading: OrderReading | null, other: OrderReading | null): boolean =>
  typeof reading?.readAt === 'string' && typeof other?.readAt === 'string' && reading.readAt < other.readAt;

const isUnpaid = (status: string): boolean => isKnown(status) && !isPaid(status);

/** Returns true for the creation of an order since which all operations of the sale are known. */
const beginsHistory = ({ kind, state, isHistoryLost }: Operation): boolean =>
  kind === 'order' && state === 'done' && isHistoryLost !== true;

const isChargedBy = ({ operations }: Sale): boolean =>
  operations.some((operation) => isCharge(operation) && operation.state === 'done' && !operation.superseded);

/**
 * The rules for preparing, sending and judging operations, one function for each rule. `docs/architecture.md` explains
 * them. The tests' explorer breaks each rule once and must detect it.
 */
export const RULES = {
  /** An order can be paid in a known status that is not a paid one. */
  isPayable: (status: string): boolean => isUnpaid(status),

  /** Only the holder of a valid lease may send an operation, and only one that was never sent. */
  maySend: ({ state, leaseToken, leaseOver }: Operation, token: string): boolean =>
    state === 'prepared' && leaseToken === token && !leaseOver,

  /** An order of a checkout session that was replaced, or whose session is over, takes no payment. */
  takesPayments: ({ closure }: Sale): boolean => closure === undefined,

  /** An order is not replaced while one of its codes can still be paid. */
  hasPayableCode: ({ operations }: Sale): boolean =>
    operations.some((operation) => isCode(operation) && operation.state === 'done' && !operation.isCodeOver),

  /** After a successful charge, no other charge or code of the sale is sent. */
  isPaidFor: (sale: Sale): boolean => isChargedBy(sale),

  /** A sale has at most one open charge or code at a time. */
  isBusy: ({ operations }: Sale): boolean =>
    operations.some(
      (operation) => isPayment(operation) && ['prepared', 'sent', 'unknown'].includes(operation.state),
    ),

  /**
   * The order's creation is the baseline until a charge or code of its sale was sent, or another cause refused the
   * order, or a backup was restored. After that, the order must be read at Appmax.
   */
  needsReading: ({ orderStatus, operations }: Sale): boolean =>
    !isKnown(orderStatus) ||
    isRefusedStatus(orderStatus) ||
    !operations.some(beginsHistory) ||
    operations.some((operation) => isPayment(operation) && wasSent(operation)),

  /** After an expired lease, an operation that may have been sent is unknown. */
  afterLease: ({ state }: Operation): 'not_sent' | 'unknown' =>
    state === 'prepared' ? 'not_sent' : 'unknown',

  /** After an unexpected error in its process, an operation that may have been sent is unknown. */
  afterFailure: ({ state }: Operation): 'not_sent' | 'unknown' =>
    state === 'prepared' ? 'not_sent' : 'unknown',

  /** A lost answer is neither a success nor a failure. */
  afterLostAnswer: (): 'unknown' | 'not_done' => 'unknown',

  /** An accepted charge is done with any status, unless the status is a refusal. */
  afterAcceptance: (operation: Operation, status: string | null): 'done' | 'declined' =>
    isCharge(operation) && status !== null && isRefusedStatus(status) ? 'declined' : 'done',

  /** An accepted charge without a status proves `autorizado`, the weakest paid status. */
  acceptedStatus: (status: string | null): string => status ?? 'autorizado',

  /**
   * A reading counts for an operation only if it was requested after the operation was sent, and is not older than the
   * operation's evidence.
   */
  isAbout: ({ phase, evidence }: Operation, reading: OrderReading | null): boolean =>
    phase !== 'before' && !isOlder(reading, evidence),

  /** A payment is judged as not made only after the call's own limit and the settle time. */
  mayBeJudgedUnpaid: ({ phase }: Operation): boolean => phase === 'over',

  /** No shopper has seen a lost code, so a new one may be created after the call's own limit. */
  isLostCodeOver: ({ phase }: Operation): boolean => phase !== 'before' && phase !== 'running',

  /**
   * A paid order was paid by this operation if no other success explains it, and if its method is the operation's or, if
   * unknown, no code was tried.
   */
  isPaidBy: (operation: Operation, sale: Sale, { method }: OrderReading): boolean =>
    !isChargedBy(sale) && (method === null ? !sale.operations.some(isCode) : method === operation.kind),

  /** Another operation paid the order, and this one took no money; the reading must have the method and the amount. */
  isPaidByOther: ({ kind }: Operation, sale: Sale, { method, totalPaidCents }: OrderReading): boolean =>
    method !== null && totalPaidCents !== null && (method !== kind || isChargedBy(sale)),

  /** An earlier charge that was refused since may still look paid in a stale reading. */
  couldBeRefusedSince: ({ id, baseline }: Operation, { operations }: Sale): boolean =>
    baseline?.status === 'recusado_por_risco' ||
    operations.some(
      (operation) =>
        isCharge(operation) &&
        operation.id < id &&
        (operation.superseded || (operation.state === 'declined' && operation.evidence !== null)),
    ),

  /** More was paid than the amount of one payment of the order. */
  isPaidTwice: ({ totalCents }: Sale, { totalPaidCents, dueCents }: OrderReading): boolean =>
    totalPaidCents !== null && totalPaidCents > (dueCents ?? totalCents),

  /** There is a successful charge, but the reading has another method: the shopper has also paid an open code. */
  isPaidBesideCharge: (sale: Sale, { method }: OrderReading): boolean =>
    method !== null && isCode({ kind: method }) && sale.operations.some(isCode) && isChargedBy(sale),

  /** A refusal proves a decline only if the baseline was not refused; an order that we created starts unpaid. */
  isNewRefusal: ({ baseline }: Operation, { status }: OrderReading): boolean =>
    isRefusedStatus(status) && (baseline === null || !isRefusedStatus(baseline.status)),

  /** If the order was not created here, or later operations are lost, something unknown may have changed its status. */
  madeTheOrder: ({ operations }: Sale): boolean => operations.some(beginsHistory),

  /** The expiry of a code may also have cancelled the order. */
  couldBeExpiredCode: ({ operations }: Sale): boolean =>
    operations.some((operation) => isCode(operation) && wasSent(operation)),

  /** A late decline of an earlier charge may also have cancelled the order. */
  couldBeEarlierCharge: ({ id }: Operation, { operations }: Sale): boolean =>
    operations.some((operation) => isCharge(operation) && operation.id < id && wasSent(operation)),

  /** An unknown status proves nothing. */
  isUnderstood: (status: string): boolean => isKnown(status),

  /**
   * A late payment may belong to this operation if evidence, not Appmax's own answer, settled it as not made or
   * declined.
   */
  mayBeReopened: ({ state, superseded, evidence }: Operation): boolean =>
    state === 'not_done' || (state === 'done' && superseded) || (state === 'declined' && evidence !== null),

  /** A charge that Appmax's own answer refused was never made, so no stale reading can show it. */
  isOverByAnswer: ({ state, evidence }: Operation): boolean =>
    state === 'refused' || (state === 'declined' && evidence === null),

  /** An open code is returned again instead of creating another one. @param status the order's current status. */
  isOpenCode: (operation: Operation, { operations }: Sale, status: string): boolean => {
    if (operation.state !== 'done' || operation.code === 'expired' || operation.code === 'none') return false;
    if (!isRefusedStatus(status)) return true;
    // A stale reading may show a refusal from before the code.
    if (operation.phase !== 'over') return true;
    // The order is refused, either by a later card or by the expiry of the code.
    const wasCardTried = operations.some(
      (other) => isCharge(other) && other.id > operation.id && wasSent(other),
    );
    return wasCardTried;
  },

  /**
   * A repeat with the same key may create a new operation if its earlier one was not sent, was refused without effect,
   * or was a code (but an open code is returned again).
   */
  mayBeMadeAgain: (operation: Operation): boolean =>
    operation.state === 'not_sent' ||
    (operation.state === 'refused' && HARMLESS_FAILURES.has(operation.failure ?? '')) ||
    (isCode(operation) && (operation.state === 'not_done' || operation.state === 'done')),

  /** An unpaid status is ignored while the sale has a successful charge: the reading is stale. */
  mayApply: (sale: Sale, { status }: OrderReading): boolean => !(isUnpaid(status) && isChargedBy(sale)),

  /** An order that is refunded or has a chargeback is not refunded again. */
  isRefundable: (status: string): boolean => !NOT_REFUNDABLE.has(status),

  /** Refunds that are, or may be, accepted count towards the order's total. */
  countsAsRefunded: ({ state }: Operation): boolean =>
    ['prepared', 'sent', 'unknown', 'done', 'confirmed'].includes(state),

  /**
   * A total refund that was under review was denied if the order is paid as before. For a partial refund, the status
   * does not show if it was made or denied.
   */
  mayBeDenied: (operation: Operation, sale: Sale, { status }: OrderReading): boolean =>
    (operation.amountCents ?? 0) >= sale.totalCents &&
    operation.phase === 'over' &&
    PAID_AS_BEFORE.has(status),

  /** A person may settle an operation as not done only after it cannot happen any more. */
  mayBeResolvedAsNotDone: ({ phase }: Operation): boolean => phase === 'over',

  /** An order under review shows that a refund was accepted. */
  isInReview: (status: string): boolean => status === IN_REVIEW,
};

export type Rules = typeof RULES;
