import type { PaymentMethod } from '../../src/appmax/order-status';
import type { Operation, OrderReading, Phase, Sale } from '../../src/payments/operations/state/operation';
import type { OperationAnswer } from '../../src/payments/operations/state/sale-event';

/** The total of the sale, in cents. Each payment takes exactly this amount. */
export const TOTAL_CENTS = 100;

/** A client's request to pay. */
export interface PayRequest {
  readonly kind: 'credit_card' | 'pix';
  readonly keyId: number | null;
}

/** The number of times that each disturbance may still happen in a history. */
export interface Budget {
  /** An instance crashes and restarts, without its work. */
  readonly crashes: number;
  /** An instance pauses until its lease has expired and its 2 s have passed, and continues later. */
  readonly pauses: number;
  /** An unforeseen exception in the code that works on a request. */
  readonly exceptions: number;
  /** A read shows the view before the last change. */
  readonly lags: number;
  /** A background read overlaps with other events. */
  readonly slowReads: number;
  /** A charge is made later than the call's own limit. */
  readonly lateCharges: number;
  /** Anti-fraud refuses a charge that was made. */
  readonly riskRefusals: number;
  /** Another system cancels or reopens the order, or its payment is refused. */
  readonly outsideChanges: number;
  /** An operator who has looked at Appmax resolves a charge. */
  readonly resolutions: number;
  /** Another order of the checkout session shall replace this one. */
  readonly closings: number;
}

/** The order as Appmax shows it. */
export interface View {
  readonly status: string;
  readonly method: PaymentMethod | null;
  /** The number of payments that stand. */
  readonly paid: number;
}

/** The payment at Appmax that results from the request of one operation. */
export interface Payment {
  readonly id: number;
  readonly state:
    'nothing' | 'pending' | 'pending_decline' | 'charged' | 'reversed' | 'code' | 'expired' | 'paid';
  readonly inTime: boolean;
  /** True if a client was shown the code. */
  readonly shown: boolean;
}

/** Appmax's side of the sale. */
export interface Appmax {
  readonly view: View;
  /** The view that a lagging read shows; null once the settle time since the last change is over. */
  readonly before: View | null;
  /** The ticks since the last change, at most 2. */
  readonly age: number;
  readonly payments: readonly Payment[];
  /** True if two payments ever stood at the same time. */
  readonly wasPaidTwice: boolean;
}

/** A row of the ledger, with extra facts for the model. */
export interface LedgerRow extends Operation {
  /** The instance that works on it and renews its lease. */
  readonly holder: number | null;
  readonly requests: number;
  /** True if a client was told that this operation took no money. */
  readonly toldUnpaid: boolean;
  /** The ticks since the expiry of a code, at most 2: then the settle time is over. */
  readonly expiryAge: 0 | 1 | 2;
}

/** A reading in progress, with the phase of each operation when the read started. */
export interface Snapshot {
  readonly reading: OrderReading;
  readonly phases: readonly Phase[];
  /** For each operation, true if its code could not be paid any more when the read started. */
  readonly codesOver: readonly boolean[];
}

/** A client's request in progress. */
export interface Asked extends PayRequest {
  /** True if Appmax had shown, when it came, for longer than the settle time that the order is not payable. */
  readonly wasUnpayable: boolean;
}

/** The step of an instance in its work on a request. */
export type Work =
  | { readonly at: 'idle' }
  | { readonly at: 'reading'; readonly asked: Asked }
  | { readonly at: 'deciding'; readonly asked: Asked; readonly snapshot: Snapshot }
  | { readonly at: 'preparing'; readonly asked: Asked; readonly baseline: OrderReading | null }
  | { readonly at: 'fencing'; readonly asked: Asked; readonly id: number }
  /** The fence is passed; `isStale` once that was more than 2 s ago. */
  | { readonly at: 'sending'; readonly asked: Asked; readonly id: number; readonly isStale: boolean }
  /** The request is sent; the answer is null while Appmax works on it. */
  | { readonly at: 'waiting'; readonly id: number; readonly answer: OperationAnswer | null }
  /** Appmax refused the request: the order is read before the client is told. */
  | { readonly at: 'checking'; readonly id: number }
  /** The outcome is unknown: the order is read while the client waits. */
  | { readonly at: 'judging'; readonly id: number };

/** The state of everything after a history of events. */
export interface World {
  readonly orderStatus: string;
  readonly isFlagged: boolean;
  readonly operations: readonly LedgerRow[];
  readonly appmax: Appmax;
  readonly instances: readonly Work[];
  readonly slowRead: Snapshot | null;
  /** The read by which the order is about to be closed. */
  readonly closing: Snapshot | null;
  /** True once another order of the checkout session may be paid. */
  readonly isClosed: boolean;
  /** The number of the scenario's requests that have come. */
  readonly requests: number;
  readonly budget: Budget;
  /** The invariant that the last event broke. */
  readonly fault: string | null;
}

/** The operation that created the order. */
export const ORDER: LedgerRow = {
  id: 0,
  kind: 'order',
  state: 'done',
  keyId: null,
  leaseToken: null,
  leaseOver: false,
  phase: 'over',
  amountCents: null,
  baseline: null,
  evidence: null,
  failure: null,
  code: 'none',
  isCodeOver: false,
  superseded: false,
  holder: null,
  requests: 1,
  toldUnpaid: false,
  expiryAge: 0,
};

/** Returns the row that an instance prepares. */
export function preparedRow(
  id: number,
  asked: Asked,
  baseline: OrderReading | null,
  holder: number,
): LedgerRow {
  return {
    ...ORDER,
    id,
    kind: asked.kind,
    state: 'prepared',
    keyId: asked.keyId,
    leaseToken: tokenOf(id),
    phase: 'before',
    amountCents: TOTAL_CENTS,
    baseline,
    holder,
    requests: 0,
  };
}

export const tokenOf = (id: number): string => `token ${id}`;

/** Returns a row with the phase that it had when a read started. */
export function asOf<Row extends Operation>(row: Row, phase: Phase = 'before'): Row {
  return row.phase === phase ? row : { ...row, phase };
}

/** Returns the sale as the service loads it; with a snapshot, as of the start of that read. */
export function saleOf(world: World, snapshot: Snapshot | null): Sale {
  return {
    orderStatus: world.orderStatus,
    totalCents: TOTAL_CENTS,
    closure: world.isClosed ? 'replaced' : undefined,
    operations:
      snapshot === null
        ? world.operations
        : world.operations.map((row, index) => ({
            ...asOf(row, snapshot.phases[index]),
            isCodeOver: snapshot.codesOver[index] ?? false,
          })),
  };
}

export function rowOf(world: World, id: number): LedgerRow {
  const row = world.operations.find((operation) => operation.id === id);
  if (row === undefined) throw new Error(`no operation ${id}`);
  return row;
}

export function withRow(world: World, id: number, change: Partial<LedgerRow>): World {
  return {
    ...world,
    operations: world.operations.map((row) => (row.id === id ? { ...row, ...change } : row)),
  };
}

export function withWork(world: World, instance: number, work: Work): World {
  return { ...world, instances: world.instances.map((other, index) => (index === instance ? work : other)) };
}

export function withFault(world: World, fault: string): World {
  return { ...world, fault: world.fault ?? fault };
}

export function spend(world: World, what: keyof Budget): World {
  return { ...world, budget: { ...world.budget, [what]: world.budget[what] - 1 } };
}
