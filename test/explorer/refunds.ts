import type { Phase } from '../../src/payments/operations/state/operation';
import { asOf } from './model';
import { deny, IN_REVIEW, spontaneousRefundEvents } from './refund-appmax';
import { keyOf, lastingKey } from './refund-key';
import {
  type RefundRow,
  type RefundWorld,
  rowOf,
  startOf,
  sumOf,
  TOTAL_CENTS,
  withRow,
  withWork,
} from './refund-model';
import { apply, arrivals, readsOf, type RefundRun, stepsOf } from './refund-service';
import { checkedOnce, type Next, type Report, search } from './search';

const NEXT_PHASE: Readonly<Record<Phase, Phase>> = {
  before: 'before',
  running: 'settling',
  settling: 'over',
  over: 'over',
};

/** Explores every history of a refund scenario. */
export function exploreRefunds(run: RefundRun, maxStates = Infinity): Report {
  return search<RefundWorld>(
    {
      start: startOf(run.scenario),
      keyOf,
      nextOf: (world) => [
        ...arrivals(world, run),
        ...world.instances.flatMap((_, instance) => stepsOf(world, instance, run)),
        ...spontaneousRefundEvents(world, run.scenario),
        ...background(world, run),
      ],
      faultOf: checkedOnce(lastingKey, (world) => faultOf(world) ?? faultAtRest(world, run)),
    },
    maxStates,
  );
}

function tick(world: RefundWorld): RefundWorld {
  const age = Math.min(world.age + 1, 2);
  return {
    ...world,
    age,
    before: age === 2 ? null : world.before,
    operations: world.operations.map((row) => asOf(row, NEXT_PHASE[row.phase])),
  };
}

function background(world: RefundWorld, run: RefundRun): Next<RefundWorld>[] {
  const next: Next<RefundWorld>[] = [];
  world.instances.forEach((work, instance) => {
    if ('id' in work && world.crashes > 0)
      next.push([
        `instance ${instance} crashes and restarts`,
        withWork(withRow({ ...world, crashes: world.crashes - 1 }, work.id, { hasHolder: false }), instance, {
          at: 'idle',
        }),
      ]);
  });
  for (const { id, state, hasHolder } of world.operations)
    if (!hasHolder && (state === 'prepared' || state === 'sent'))
      next.push([
        `the settler ends the lease of refund ${id}`,
        apply(withRow(world, id, { leaseOver: true }), { type: 'lease_over', id }, null, run),
      ]);
  for (const [event, from, snapshot] of readsOf(world, run)) {
    const after = apply(from, { type: 'read', reading: snapshot.reading }, snapshot, run);
    if (after !== from) next.push([`the sync ${event}`, after]);
  }
  const { slowRead } = world;
  if (slowRead !== null)
    next.push([
      `the slow sync applies ${slowRead.reading.status}`,
      apply({ ...world, slowRead: null }, { type: 'read', reading: slowRead.reading }, slowRead, run),
    ]);
  else if (world.slowReads > 0)
    for (const [event, from, snapshot] of readsOf(world, run))
      next.push([`a slow sync ${event}`, { ...from, slowReads: world.slowReads - 1, slowRead: snapshot }]);
  if (world.age < 2 || world.operations.some(({ phase }) => phase === 'running' || phase === 'settling'))
    next.push(['time passes', tick(world)]);
  return next;
}

/** Returns true if the panel or the issuer returned the money, which looks like a refund of ours. */
const isClosedOutside = ({ view, operations }: RefundWorld): boolean =>
  view.status === 'chargeback_em_tratativa' ||
  sumOf(operations.filter(({ appmaxState }) => appmaxState === 'given')) !== TOTAL_CENTS - view.paidCents;

function faultOf(world: RefundWorld): string | null {
  const { operations } = world;
  if (world.fault !== null) return world.fault;
  const isReal = ({ appmaxState }: RefundRow): boolean =>
    ['pending', 'in_review', 'given'].includes(appmaxState);
  if (sumOf(operations.filter(isReal)) > TOTAL_CENTS) return 'more is refunded than was paid';
  if (operations.filter(({ state }) => ['prepared', 'sent', 'unknown'].includes(state)).length > 1)
    return 'an order has two open refunds';
  if (operations.some((row) => row.state === 'denied' && isReal(row)))
    return 'a refund that Appmax has accepted counts as denied';
  const isSuccess = ({ state }: RefundRow): boolean => state === 'done' || state === 'confirmed';
  if (operations.some((row) => isSuccess(row) && row.appmaxState === 'nothing') && !isClosedOutside(world))
    return 'a refund that Appmax never accepted counts as accepted';
  if (
    operations.some((row) => row.state === 'confirmed' && row.appmaxState !== 'given') &&
    !isClosedOutside(world)
  )
    return 'a refund that Appmax has not paid out counts as confirmed';
  return null;
}

/** Returns the broken invariant after all instances have crashed, time has passed and Appmax was read; null if none. */
function faultAtRest(world: RefundWorld, run: RefundRun): string | null {
  let end = read({ ...world, instances: [], lags: 0, slowRead: null }, run);
  const stuck = end.operations.find(({ state }) => state === 'prepared' || state === 'sent');
  if (stuck !== undefined) return `a refund stays ${stuck.state} for ever`;
  const fault = faultOf(end);
  const [only, ...others] = end.operations;
  if (fault !== null || only === undefined || others.length > 0 || isClosedOutside(end)) return fault;
  // Appmax's answers do not distinguish a denied partial refund from a completed one: an operator must decide.
  const isWhole = only.amountCents === TOTAL_CENTS;
  const { reportsAmounts } = run.scenario;
  if (only.appmaxState === 'given' && only.state === 'done' && (isWhole || reportsAmounts))
    return 'a completed refund is never confirmed';
  const isSeen = only.appmaxState === 'in_review' || only.evidence?.status === IN_REVIEW;
  if (!isWhole || !isSeen || only.state !== 'done') return null;
  if (only.appmaxState === 'in_review') end = read(deny(end, only.id), run);
  const { appmaxState, state } = rowOf(end, only.id);
  return appmaxState === 'denied' && state !== 'denied'
    ? 'a refund that was denied after its review counts for ever'
    : null;
}

/** Lets time pass, ends all leases and reads the order. */
function read(world: RefundWorld, run: RefundRun): RefundWorld {
  let end = tick(tick(world));
  for (const { id } of end.operations)
    end = apply(withRow(end, id, { leaseOver: true }), { type: 'lease_over', id }, null, run);
  for (let reads = 0; reads < 2; reads++)
    for (const [, , snapshot] of readsOf(end, run))
      end = apply(end, { type: 'read', reading: snapshot.reading }, snapshot, run);
  return end;
}
