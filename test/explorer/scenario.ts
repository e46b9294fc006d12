import { type Budget, ORDER, type PayRequest, type View, type World } from './model';

/** The bounds of one search. */
export interface Scenario {
  readonly requests: readonly PayRequest[];
  readonly instances: 1 | 2;
  /** The possible outcomes of a request, by their names in `appmax.ts`. */
  readonly outcomes: readonly string[];
  readonly budget: Partial<Budget>;
  /** The guard against a second prepared operation: the unique indexes, or a lock of the sale around the decision. */
  readonly guard: 'indexes' | 'lock';
  /** Appmax's view at the start, for an order that no operation created or that another system has changed. */
  readonly startsAs?: View;
  /** The status in our row at the start, for an order that an operation created; absent for one of another system. */
  readonly rowStatus?: string;
  /** True if no webhook and no sync reads the order, only a client's request. */
  readonly isNeverSynced?: true;
  readonly reportsMethod: boolean;
  readonly reportsAmounts: boolean;
  readonly reportsExpiry: boolean;
}

const NO_BUDGET: Budget = {
  crashes: 0,
  pauses: 0,
  exceptions: 0,
  lags: 0,
  slowReads: 0,
  lateCharges: 0,
  riskRefusals: 0,
  outsideChanges: 0,
  resolutions: 0,
  closings: 0,
};

/** The world before the first event of a scenario. */
export function startOf({ budget, instances, startsAs, rowStatus }: Scenario): World {
  return {
    orderStatus: rowStatus ?? 'pendente',
    isFlagged: false,
    operations: startsAs === undefined || rowStatus !== undefined ? [ORDER] : [],
    appmax: {
      view: startsAs ?? { status: 'pendente', method: null, paid: 0 },
      before: null,
      age: 2,
      payments: [],
      wasPaidTwice: false,
    },
    instances: Array.from({ length: instances }, () => ({ at: 'idle' })),
    slowRead: null,
    closing: null,
    isClosed: false,
    requests: 0,
    budget: { ...NO_BUDGET, ...budget },
    fault: null,
  };
}
