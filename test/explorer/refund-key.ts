import type { OrderReading } from '../../src/payments/operations/state/operation';
import { remembered } from './key';
import {
  readTime,
  type RefundRow,
  type RefundSnapshot,
  type RefundView,
  type RefundWork,
  type RefundWorld,
} from './refund-model';

const viewKey = remembered(
  ({ status, paidCents, refundedAt }: RefundView): string => `${status}${paidCents},${refundedAt ?? ''}`,
);

const readingKey = remembered(
  ({ status, totalPaidCents, refundedAt }: OrderReading): string =>
    `${status}${totalPaidCents ?? ''},${refundedAt ?? ''}`,
);

const rowKey = remembered((row: RefundRow): string => {
  const { state, phase, amountCents, baseline, evidence, truth, requests, hasHolder } = row;
  return (
    `${state}${phase[0] ?? ''}${amountCents ?? ''}${truth}${requests}${hasHolder ? 'h' : ''}` +
    `${baseline === null ? '' : readingKey(baseline)}|${evidence?.status ?? ''}`
  );
});

const snapshotKey = remembered(
  ({ reading, phases }: RefundSnapshot): string => readingKey(reading) + phases.join(''),
);

const workKey = remembered((work: RefundWork): string => {
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
 * The place of each reading in the order in which they were asked for: only which one is later decides. What is read
 * from now on is later than all of them, or as late as one that was read at the same moment.
 */
function placesOf(world: RefundWorld): (reading: OrderReading | null) => string {
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
  const isNow = (place: number): string => (times[place] === now ? 'n' : times[place]! > now ? 'l' : '');
  return (reading) => {
    const place = times.indexOf(reading?.readAt ?? '');
    return place < 0 ? '' : `${place}${isNow(place)}`;
  };
}

/** The part of a state that lasts without the instances: the database and Appmax. */
export function lastingKey({ orderStatus, operations, view }: RefundWorld): string {
  return `${orderStatus}/${operations.map(rowKey).join('/')}/${viewKey(view)}`;
}

/** The canonical form of a state; the instances are alike, so their order decides nothing. */
export function keyOf(world: RefundWorld): string {
  const { operations, before, age, instances, requests, crashes, lags, slowReads, slowRead, mayBeClosed } =
    world;
  const placeOf = placesOf(world);
  const judged = operations.map((row) => (isJudged(row) ? placeOf(row.evidence) : ''));
  const works = instances.map((work) =>
    work.at === 'deciding' ? workKey(work) + '@' + placeOf(work.snapshot.reading) : workKey(work),
  );
  const slow = slowRead === null ? '' : `${snapshotKey(slowRead)}@${placeOf(slowRead.reading)}`;
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
