import type { Operation, OrderReading, Phase, Sale } from '../../src/payments/operations/state/operation';
import type { OperationAnswer } from '../../src/payments/operations/state/sale-event';
import { asOf } from './model';

export const TOTAL_CENTS = 100;

/** The order as Appmax shows it. */
export interface RefundView {
  readonly status: string;
  readonly paidCents: number;
  /** The number of changes so far; stands for the time of the last one. */
  readonly version: number;
  /** The version at which money was last refunded. */
  readonly refundedAt: number | null;
}

/** The true state of a refund at Appmax. */
export type AppmaxState = 'not_asked' | 'nothing' | 'pending' | 'in_review' | 'given' | 'denied';

export interface RefundRow extends Operation {
  readonly appmaxState: AppmaxState;
  readonly requests: number;
  readonly hasHolder: boolean;
}

export interface RefundSnapshot {
  readonly reading: OrderReading;
  readonly phases: readonly Phase[];
}

/** The step of an instance in its work on a refund. */
export type RefundWork =
  | { readonly at: 'idle' }
  | { readonly at: 'reading'; readonly amountCents: number; readonly wasClosed: boolean }
  | {
      readonly at: 'deciding';
      readonly amountCents: number;
      readonly wasClosed: boolean;
      readonly snapshot: RefundSnapshot;
    }
  | { readonly at: 'fencing'; readonly id: number; readonly wasClosed: boolean }
  | { readonly at: 'sending'; readonly id: number; readonly wasClosed: boolean }
  | { readonly at: 'waiting'; readonly id: number; readonly answer: OperationAnswer };

export interface RefundWorld {
  readonly orderStatus: string;
  readonly operations: readonly RefundRow[];
  readonly view: RefundView;
  readonly before: RefundView | null;
  readonly age: number;
  readonly instances: readonly RefundWork[];
  readonly requests: number;
  readonly crashes: number;
  readonly lags: number;
  /** The number of background reads that may still overlap with other events. */
  readonly slowReads: number;
  readonly slowRead: RefundSnapshot | null;
  /** True if the panel may still refund the order, or the issuer charge it back. */
  readonly mayBeClosed: boolean;
  readonly fault: string | null;
}

export interface RefundScenario {
  readonly amounts: readonly number[];
  readonly crashes: number;
  readonly lags: number;
  readonly slowReads: number;
  readonly isClosedOutside: boolean;
  /** True if an accepted refund may come under review later. */
  readonly isReviewedLater: boolean;
  readonly reportsAmounts: boolean;
}

export function startOf({ crashes, lags, slowReads, isClosedOutside }: RefundScenario): RefundWorld {
  return {
    orderStatus: 'integrado',
    operations: [],
    view: { status: 'integrado', paidCents: TOTAL_CENTS, version: 0, refundedAt: null },
    before: null,
    age: 2,
    instances: [{ at: 'idle' }, { at: 'idle' }],
    requests: 0,
    crashes,
    lags,
    slowReads,
    slowRead: null,
    mayBeClosed: isClosedOutside,
    fault: null,
  };
}

export function preparedRefund(id: number, amountCents: number, baseline: OrderReading): RefundRow {
  return {
    id,
    kind: 'refund',
    state: 'prepared',
    keyId: null,
    leaseToken: 'token',
    leaseOver: false,
    phase: 'before',
    amountCents,
    baseline,
    evidence: null,
    failure: null,
    code: 'none',
    isCodeOver: false,
    superseded: false,
    appmaxState: 'not_asked',
    requests: 0,
    hasHolder: true,
  };
}

/** Returns the reading of a view. A lagging read is later than a current one of the same moment. */
export function refundReading(
  view: RefundView,
  { view: now, age }: RefundWorld,
  { reportsAmounts }: RefundScenario,
): OrderReading {
  return {
    status: view.status,
    method: 'credit_card',
    totalPaidCents: reportsAmounts ? view.paidCents : null,
    dueCents: reportsAmounts ? TOTAL_CENTS : null,
    paidAt: null,
    updatedAt: null,
    refundedAt: view.refundedAt === null || !reportsAmounts ? null : timeOf(view.refundedAt),
    readAt: readTime(now, age) + (view === now ? '' : '5'),
  };
}

/** The time of a read at this moment. */
export const readTime = ({ version }: RefundView, age: number): string => `${timeOf(version)}.${age}`;

const timeOf = (version: number): string => `2026-01-01 00:00:${String(version).padStart(2, '0')}`;

export function saleOf(world: RefundWorld, phases: readonly Phase[] | null): Sale {
  return {
    orderStatus: world.orderStatus,
    totalCents: TOTAL_CENTS,
    operations:
      phases === null ? world.operations : world.operations.map((row, index) => asOf(row, phases[index])),
  };
}

export const sumOf = (rows: readonly RefundRow[]): number =>
  rows.reduce((sum, { amountCents }) => sum + (amountCents ?? 0), 0);

export const withRow = (world: RefundWorld, id: number, change: Partial<RefundRow>): RefundWorld => ({
  ...world,
  operations: world.operations.map((row) => (row.id === id ? { ...row, ...change } : row)),
});

export const withWork = (world: RefundWorld, instance: number, work: RefundWork): RefundWorld => ({
  ...world,
  instances: world.instances.map((other, index) => (index === instance ? work : other)),
});

export const withView = (world: RefundWorld, change: Partial<RefundView>): RefundWorld => ({
  ...world,
  view: { ...world.view, ...change, version: world.view.version + 1 },
  before: world.view,
  age: 0,
});

export function rowOf({ operations }: RefundWorld, id: number): RefundRow {
  const row = operations.find((operation) => operation.id === id);
  if (row === undefined) throw new Error(`no refund ${id}`);
  return row;
}
