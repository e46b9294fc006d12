import type { Effect } from '../../src/payments/operations/state/effect';
import type { Rules } from '../../src/payments/operations/state/rules';
import type { SaleEvent } from '../../src/payments/operations/state/sale-event';
import { transition } from '../../src/payments/operations/state/transition';
import { refundOutcomes } from './refund-appmax';
import {
  preparedRefund,
  refundReading,
  type RefundScenario,
  type RefundSnapshot,
  type RefundWork,
  type RefundWorld,
  rowOf,
  saleOf,
  sumOf,
  TOTAL_CENTS,
  withRow,
  withWork,
} from './refund-model';
import type { Next } from './search';

export interface RefundRun {
  readonly scenario: RefundScenario;
  readonly rules: Rules;
}

/** The statuses of an order that was refunded or is being charged back. */
const CLOSED: ReadonlySet<string> = new Set(['estornado', 'chargeback_em_tratativa']);

const isLongClosed = ({ view, age }: RefundWorld): boolean => age === 2 && CLOSED.has(view.status);

export function apply(
  world: RefundWorld,
  event: SaleEvent,
  snapshot: RefundSnapshot | null,
  { rules }: RefundRun,
): RefundWorld {
  return transition(saleOf(world, snapshot?.phases ?? null), event, rules).effects.reduce(write, world);
}

function write(world: RefundWorld, effect: Effect): RefundWorld {
  if (effect.type === 'apply_status') return { ...world, orderStatus: effect.status };
  if (effect.type !== 'update') return world;
  const row = rowOf(world, effect.id);
  if (row.state !== effect.from) return world;
  return withRow(world, row.id, {
    state: effect.to,
    evidence: effect.evidence ?? row.evidence,
    ...(effect.to === 'sent' ? { phase: 'running' } : {}),
    ...(effect.to === 'prepared' ? { phase: 'before' } : {}),
    ...(effect.to === 'sent' || effect.to === 'prepared' ? {} : { hasHolder: false }),
  });
}

export function readsOf(
  world: RefundWorld,
  { scenario }: RefundRun,
): [string, RefundWorld, RefundSnapshot][] {
  const phases = world.operations.map(({ phase }) => phase);
  const { view, before, lags } = world;
  const reads: [string, RefundWorld, RefundSnapshot][] = [
    [`reads ${view.status}`, world, { reading: refundReading(view, world, scenario), phases }],
  ];
  if (before !== null && lags > 0)
    reads.push([
      `reads ${before.status}, which lags behind`,
      { ...world, lags: lags - 1 },
      { reading: refundReading(before, world, scenario), phases },
    ]);
  return reads;
}

export function arrivals(world: RefundWorld, { scenario }: RefundRun): Next<RefundWorld>[] {
  const amountCents = scenario.amounts[world.requests];
  const instance = world.instances.findIndex(({ at }) => at === 'idle');
  if (amountCents === undefined || instance < 0) return [];
  const work: RefundWork = { at: 'reading', amountCents, wasClosed: isLongClosed(world) };
  return [
    [
      `a refund of ${amountCents} is asked for`,
      withWork({ ...world, requests: world.requests + 1 }, instance, work),
    ],
  ];
}

/** The next steps of an instance in its work on a refund. */
export function stepsOf(world: RefundWorld, instance: number, run: RefundRun): Next<RefundWorld>[] {
  const work = world.instances[instance];
  if (work === undefined) return [];
  const to = (next: RefundWork, from = world): RefundWorld => withWork(from, instance, next);
  const name = (event: string): string => `instance ${instance} ${event}`;
  switch (work.at) {
    case 'idle':
      return [];
    case 'reading':
      return readsOf(world, run).map(([event, from, snapshot]) => [
        name(event),
        to({ ...work, at: 'deciding', snapshot }, from),
      ]);
    case 'deciding':
      return [[name('decides'), decided(world, instance, work, run)]];
    case 'fencing': {
      const passed = apply(world, { type: 'fence', id: work.id, token: 'token' }, null, run);
      return rowOf(passed, work.id).state === 'sent' && passed !== world
        ? [[name('fences'), to({ ...work, at: 'sending' }, passed)]]
        : [[name('may not send'), to({ at: 'idle' })]];
    }
    case 'sending': {
      const { requests, phase } = rowOf(world, work.id);
      if (phase !== 'running')
        return [[name('sends nothing, because it was paused'), withdrawn(world, instance, work.id, run)]];
      let left = withRow(world, work.id, { requests: requests + 1 });
      if (requests > 0) left = { ...left, fault: 'a refund was sent twice' };
      if (work.wasClosed && isLongClosed(world))
        left = {
          ...left,
          fault: 'a refund was sent for an order that had long been refunded or charged back',
        };
      return refundOutcomes(left, work.id).map(([event, done, answer]) => [
        `the request of refund ${work.id} is sent: ${event}`,
        to({ at: 'waiting', id: work.id, answer }, done),
      ]);
    }
    case 'waiting':
      return [
        [
          name(`is answered: ${work.answer.kind}`),
          to({ at: 'idle' }, apply(world, { type: 'answered', id: work.id, answer: work.answer }, null, run)),
        ],
      ];
  }
}

function withdrawn(world: RefundWorld, instance: number, id: number, run: RefundRun): RefundWorld {
  const taken = apply(world, { type: 'withdrawn', id, token: 'token' }, null, run);
  const given = apply(taken, { type: 'failed', id, failure: 'slept' }, null, run);
  return withWork(given, instance, { at: 'idle' });
}

/** Applies a reading and prepares the refund if the order allows it, in one transaction. */
function decided(
  world: RefundWorld,
  instance: number,
  { amountCents, wasClosed, snapshot }: RefundWork & { at: 'deciding' },
  run: RefundRun,
): RefundWorld {
  const { reading } = snapshot;
  const read = apply(world, { type: 'read', reading }, snapshot, run);
  const counted = sumOf(read.operations.filter((row) => run.rules.countsAsRefunded(row)));
  const isBusy = read.operations.some(({ state }) => ['prepared', 'sent', 'unknown'].includes(state));
  if (isBusy || !run.rules.isRefundable(reading.status)) return withWork(read, instance, { at: 'idle' });
  if (counted + amountCents > TOTAL_CENTS) {
    const taken = read.operations.filter(({ state }) => state === 'done' || state === 'confirmed');
    const rejected = withWork(read, instance, { at: 'idle' });
    return sumOf(taken) + amountCents > TOTAL_CENTS
      ? rejected
      : { ...rejected, fault: 'a refund was rejected although enough money is left' };
  }
  const id = read.operations.length + 1;
  return withWork(
    { ...read, operations: [...read.operations, preparedRefund(id, amountCents, reading)] },
    instance,
    { at: 'fencing', id, wasClosed },
  );
}
