import type { OrderReading } from '../../src/payments/operations/state/operation';
import { memoized } from './key';
import {
  readTime,
  type RefundRow,
  type RefundSnapshot,
  type RefundView,
  type RefundWork,
  type RefundWorld,
} from './refund-model';

const viewKey = memoized(
  ({ status, paidCents, refundedAt }: RefundView): string => `${status}${paidCents},${refundedAt ?? ''}`,
);

const readingKey = memoized(
  ({ status, totalPaidCents, refundedAt }: OrderReading): string =>
    `${status}${totalPaidCents ?? ''},${refundedAt ?? ''}`,
);

const rowKey = memoized((row: RefundRow): string => {
  const { state, phase, amountCents, baseline, evidence, appmaxState, requests, hasHolder } = row;
  return (
    `${state}${phase[0] ?? ''}${amountCents ?? ''}${appmaxState}${requests}${hasHolder ? 'h' : ''}` +
    `${baseline === null ? '' : readingKey(baseline)}|${evidence?.status ?? ''}`
  );
});

const snapshotKey = memoized(
  ({ reading, phases }: RefundSnapshot): string => readingKey(reading) + phases.join(''),
);

const workKey = memoized((work: RefundWork): string => {
  switch (work.at) {
    case 'idle':
      return 'i';
    case 'reading':
      return `r${work.amountCents}${work.wasClosed}`;
    case 'deciding':
      return `d${work.amountCents}${work.wasClosed}${snapshotKey(work.snapshot)}`;
    case 'fencing':
    case 'sending':
      return `${work.at}${work.id}${work.wasClosed}`;
    case 'waiting':
      return `w${work.id}${JSON.stringify(work.answer)}`;
  }
});

const isJudged = ({ state, evidence }: RefundRow): boolean => state === 'done' && evidence !== null;

/**
 * Returns the position of each reading in the order of their times: only their order matters. A future reading is later
 * than all of them, or has the same time as one that was read at this moment.
 */
function positionsOf(world: RefundWorld): (reading: OrderReading | null) => string {
  const { operations, instances, slowRead, view, age } = world;
  const times = [readTime(view, age)];
  const add = (reading: OrderReading | null): void => {
    if (reading?.readAt) times.push(reading.readAt);
  };
  for (const row of operations) if (isJudged(row)) add(row.evidence);
  for (const work of instances) if (work.at === 'deciding') add(work.snapshot.reading);
  if (slowRead !== null) add(slowRead.reading);
  if (times.length === 1) return () => '';
  const [now = ''] = times;
  times.sort();
  const relation = (at: number): string => (times[at] === now ? 'n' : times[at]! > now ? 'l' : '');
  return (reading) => {
    const at = times.indexOf(reading?.readAt ?? '');
    return at < 0 ? '' : `${at}${relation(at)}`;
  };
}

/** Returns the key of the part of a state that outlives the instances: the database and Appmax. */
export function lastingKey({ orderStatus, operations, view }: RefundWorld): string {
  return `${orderStatus}/${operations.map(rowKey).join('/')}/${viewKey(view)}`;
}

/** Returns the canonical form of a state. The instances are equal, so their order does not matter. */
export function keyOf(world: RefundWorld): string {
  const { operations, before, age, instances, requests, crashes, lags, slowReads, slowRead, mayBeClosed } =
    world;
  const positionOf = positionsOf(world);
  const judged = operations.map((row) => (isJudged(row) ? positionOf(row.evidence) : ''));
  const works = instances.map((work) =>
    work.at === 'deciding' ? workKey(work) + '@' + positionOf(work.snapshot.reading) : workKey(work),
  );
  const slow = slowRead === null ? '' : `${snapshotKey(slowRead)}@${positionOf(slowRead.reading)}`;
  const budget = `${requests}${crashes}${lags}${slowReads}${mayBeClosed}`;
  return [
    lastingKey(world),
    judged.join('/'),
    before === null ? '' : viewKey(before),
    age,
    works.sort().join('&'),
    slow,
    budget,
    world.fault ?? '',
  ].join('#');
}
