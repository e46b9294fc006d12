import { isKnown, isPaid } from '../../src/orders/status/status-rules';
import { isPayment, wasSent } from '../../src/payments/operations/state/rules';
import { isBlurred, UNKNOWN_STATUS } from './appmax';
import { tick } from './environment';
import type { LedgerRow, World } from './model';
import { apply, readsOf, type Run } from './service';

const isStandingCharge = ({ kind, state, superseded }: LedgerRow): boolean =>
  kind === 'credit_card' && state === 'done' && !superseded;

/** Returns true for a sent charge of a key, unless it is known to have had no effect. */
const countsForKey = (row: LedgerRow): boolean =>
  row.kind === 'credit_card' && wasSent(row) && !(row.state === 'refused' && row.failure === 'rate_limited');

const hasTwo = (items: readonly (number | string)[]): boolean => new Set(items).size < items.length;

/** The invariants of a state, by their messages. Each function returns true if its invariant is broken. */
const INVARIANTS: Readonly<Record<string, (world: World) => boolean>> = {
  'two charges that were made in time stand': ({ appmax }) =>
    appmax.payments.filter(({ state, inTime }) => state === 'charged' && inTime).length > 1,
  'a sale has two open operations': ({ operations }) =>
    operations.filter((row) => isPayment(row) && ['prepared', 'sent', 'unknown'].includes(row.state)).length >
    1,
  'a key has two charges that were sent': ({ operations }) =>
    hasTwo(operations.filter(countsForKey).flatMap(({ keyId }) => keyId ?? [])),
  // An old code whose expiry Appmax does not report looks like an expired one, so it does not count.
  'two codes that were shown can be paid': ({ appmax, operations }) =>
    appmax.payments.filter(
      ({ id, state, shown }) =>
        state === 'code' && shown && operations.some((row) => row.id === id && row.code === 'open'),
    ).length > 1,
  'the row says unpaid although a charge stands': ({ orderStatus, operations }) =>
    isKnown(orderStatus) && !isPaid(orderStatus) && operations.some(isStandingCharge),
  'two charges stand in the ledger and the sale is not flagged': ({ isFlagged, operations }) =>
    !isFlagged && operations.filter(isStandingCharge).length > 1,
  'a sale that was not paid twice is flagged': ({ isFlagged, appmax }) =>
    isFlagged && !appmax.wasPaidTwice && !isBlurred(appmax),
  'a charge whose request was never sent counts as made': ({ operations, appmax }) =>
    operations.some((row) => isStandingCharge(row) && row.requests === 0) && !isBlurred(appmax),
};

const CHECKS = Object.entries(INVARIANTS);

/** Returns the broken invariant of a state; null if all hold. */
export function faultOf(world: World): string | null {
  if (world.fault !== null) return world.fault;
  return CHECKS.find(([, isBroken]) => isBroken(world))?.[0] ?? null;
}

/**
 * Returns the broken invariant of the state at rest: the instances crash, time passes, and Appmax answers reads. Then
 * every operation must be final, the row must be right, and a double payment must be flagged.
 */
export function faultAtRest(world: World, run: Run): string | null {
  const end = rest(world, run);
  const { view } = end.appmax;
  const fault = faultOf(end);
  if (fault !== null) return `${fault}, at rest`;
  if (end.orderStatus !== view.status)
    return `the row says ${end.orderStatus} for ever although the order is ${view.status}`;
  const { reportsAmounts, reportsMethod } = run.scenario;
  const reportsBoth = reportsMethod && view.method === 'pix' && end.operations.some(isStandingCharge);
  if (view.paid > 1 && isPaid(view.status) && (reportsAmounts || reportsBoth) && !end.isFlagged)
    return 'a sale was paid twice and is never flagged';
  // An operator must decide on an unknown status.
  if (view.status === UNKNOWN_STATUS) return null;
  // The same for a paid order whose method or amount Appmax does not report.
  if (isPaid(view.status) && !(reportsMethod && reportsAmounts)) return null;
  const open = end.operations.find(({ state }) => ['prepared', 'sent', 'unknown'].includes(state));
  if (open !== undefined) return `an operation stays ${open.state} for ever`;
  const wasCharged = end.appmax.payments.some(({ state }) => state === 'charged');
  if (wasCharged && isPaid(view.status) && reportsMethod && view.method === 'credit_card')
    if (!end.operations.some(isStandingCharge)) return 'a charge that stands is never found';
  return null;
}

function rest(world: World, run: Run): World {
  let end: World = {
    ...world,
    instances: [],
    slowRead: null,
    budget: { ...world.budget, lags: 0, lateCharges: 0 },
    operations: world.operations.map((row) => ({ ...row, leaseOver: true })),
  };
  end = tick(tick(end, run.scenario), run.scenario);
  for (const { id } of end.operations) end = apply(end, { type: 'lease_over', id }, null, run);
  for (let reads = 0; reads < 2; reads++)
    for (const [, , snapshot] of readsOf(end, run))
      end = apply(end, { type: 'read', reading: snapshot.reading }, snapshot, run);
  return apply(end, { type: 'read', reading: null }, null, run);
}
