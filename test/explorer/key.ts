import type { OrderReading } from '../../src/payments/operations/operation';
import type { LedgerRow, Snapshot, View, Work, World } from './model';

const viewKey = (view: View | null): string =>
  view === null ? '' : `${view.status}${view.method?.[0] ?? ''}${view.paid}`;

const readingKey = (reading: OrderReading | null): string =>
  reading === null ? '' : `${reading.status}${reading.method?.[0] ?? ''}${reading.totalPaidCents ?? ''}`;

const snapshotKey = (snapshot: Snapshot | null): string =>
  snapshot === null
    ? ''
    : readingKey(snapshot.reading) + snapshot.phases.map((phase) => phase[0] ?? '').join('');

// Of what a charge was judged by, only that it was judged decides anything.
const rowKey = (row: LedgerRow): string =>
  `${row.kind[0] ?? ''}${row.state}${row.keyId ?? ''}${row.phase[0] ?? ''}${row.leaseOver ? 'l' : ''}${row.holder ?? ''}` +
  `${readingKey(row.baseline)},${row.failure ?? ''}${row.code}${row.superseded ? 's' : ''}${row.evidence === null ? '' : 'e'}${row.requests}${row.toldUnpaid ? 't' : ''}`;

function workKey(work: Work): string {
  switch (work.at) {
    case 'idle':
      return 'i';
    case 'reading':
      return `r${work.asked.kind}${work.asked.keyId ?? ''}${work.asked.wasUnpayable}`;
    case 'deciding':
      return `d${work.asked.kind}${work.asked.keyId ?? ''}${work.asked.wasUnpayable}${snapshotKey(work.snapshot)}`;
    case 'preparing':
      return `p${work.asked.kind}${work.asked.keyId ?? ''}${work.asked.wasUnpayable}${readingKey(work.baseline)}`;
    case 'fencing':
      return `f${work.id}${work.asked.wasUnpayable}`;
    case 'sending':
      return `s${work.id}${work.asked.wasUnpayable}${work.isStale}`;
    case 'waiting':
      return `w${work.id}${work.answer === null ? '' : JSON.stringify(work.answer)}`;
    case 'checking':
      return `c${work.id}`;
    case 'judging':
      return `j${work.id}`;
  }
}

/** The part of a state that lasts without the instances: the database and Appmax. */
export function lastingKey({ orderStatus, isFlagged, operations, appmax }: World): string {
  const payments = appmax.payments.map(
    ({ id, state, inTime, shown }) => `${id}${state}${inTime ? 't' : ''}${shown ? 's' : ''}`,
  );
  return [
    orderStatus,
    isFlagged ? 'f' : '',
    operations.map(rowKey).join('/'),
    viewKey(appmax.view),
    viewKey(appmax.before),
    appmax.age,
    payments.join('/'),
    appmax.wasPaidTwice ? 2 : '',
  ].join('|');
}

/** The canonical form of a state: two histories that lead to the same one have the same future. */
export function keyOf(world: World): string {
  return [
    lastingKey(world),
    world.instances.map(workKey).join('&'),
    snapshotKey(world.slowRead),
    world.requests,
    Object.values(world.budget).join(''),
    world.fault ?? '',
  ].join('#');
}
