import type { OrderReading } from '../../src/payments/operations/operation';
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

/**
 * When each reading that still matters was asked for, as its place in their order: only which one is later decides. What
 * may be read from now on is later than all of them, or as late as one that was read at the same time.
 */
function orderOfReadings({ operations, instances, slowRead, view, age }: RefundWorld): string {
  const judged = operations.map(({ state, evidence }) => (state === 'done' ? evidence : null));
  const read = instances.map((work) => (work.at === 'deciding' ? work.snapshot.reading : null));
  const times = [...judged, ...read, slowRead?.reading ?? null].map((reading) => reading?.readAt ?? '');
  const all = [...times, readTime(view, age)].sort();
  return (
    times.map((time) => (time === '' ? '' : all.indexOf(time))).join(',') + all.indexOf(readTime(view, age))
  );
}

/** The part of a state that lasts without the instances: the database and Appmax. */
export function lastingKey({ orderStatus, operations, view }: RefundWorld): string {
  return `${orderStatus}/${operations.map(rowKey).join('/')}/${viewKey(view)}`;
}

/** The canonical form of a state; the instances are alike, so their order decides nothing. */
export function keyOf(world: RefundWorld): string {
  const { before, age, instances, requests, crashes, lags, slowReads, slowRead, mayBeClosed, fault } = world;
  const works = instances.map(workKey).sort().join('&');
  const reads = `${slowRead === null ? '' : snapshotKey(slowRead)}#${orderOfReadings(world)}`;
  const budget = `${requests}${crashes}${lags}${slowReads}${mayBeClosed}`;
  return `${lastingKey(world)}#${before === null ? '' : viewKey(before)}#${age}#${works}#${reads}#${budget}#${fault ?? ''}`;
}
