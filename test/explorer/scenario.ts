import { type Budget, ORDER, type PayRequest, type View, type World } from './model';

/** What one search goes through. */
export interface Scenario {
  readonly requests: readonly PayRequest[];
  readonly instances: 1 | 2;
  /** What Appmax may make of a request, by the names in `appmax.ts`. */
  readonly outcomes: readonly string[];
  readonly budget: Partial<Budget>;
  /** What keeps a second operation from being prepared: the unique indexes, or a lock of the sale around the decision. */
  readonly guard: 'indexes' | 'lock';
  /** What Appmax says at the start of an order that was not made by an operation, or was changed in the panel since. */
  readonly startsAs?: View;
  /** The status in our row at the start of an order that an operation made; absent for one of another system. */
  readonly rowStatus?: string;
  /** No webhook and no schedule reads the order: only a client's request does. */
  readonly isNeverSynced?: true;
  readonly tellsMethod: boolean;
  readonly tellsAmounts: boolean;
  readonly tellsExpiry: boolean;
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
    requests: 0,
    budget: { ...NO_BUDGET, ...budget },
    fault: null,
  };
}
