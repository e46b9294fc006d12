import type { OrderReading } from '../../src/payments/operations/state/operation';
import type { Appmax, Budget, LedgerRow, Snapshot, View, Work, World } from './model';

/** A short name for each description: keys are many, and most of what they are made of is the same. */
const names = new Map<string, string>();

function nameOf(description: string): string {
  let name = names.get(description);
  if (name === undefined) names.set(description, (name = names.size.toString(36)));
  return name;
}

/** Names an object by what a function says of it, once: states share most of their parts. */
export function remembered<Part extends object>(describe: (part: Part) => string): (part: Part) => string {
  const known = new WeakMap<Part, string>();
  return (part) => {
    const before = known.get(part);
    if (before !== undefined) return before;
    const name = nameOf(describe(part));
    known.set(part, name);
    return name;
  };
}

const viewKey = (view: View | null): string =>
  view === null ? '' : `${view.status}${view.method?.[0] ?? ''}${view.paid}`;

const readingKey = (reading: OrderReading | null): string =>
  reading === null ? '' : `${reading.status}${reading.method?.[0] ?? ''}${reading.totalPaidCents ?? ''}`;

const snapshotKey = (snapshot: Snapshot | null): string =>
  snapshot === null
    ? ''
    : readingKey(snapshot.reading) + snapshot.phases.map((phase) => phase[0] ?? '').join('');

/**
 * Leaves out what decides nothing: what a charge was judged by, beside that it was judged; the lease of what is not
 * under way; what was told of a request that can't have its effect in time any more; and which instance works on an
 * operation, which that instance's own key tells.
 */
const rowKey = remembered((row: LedgerRow): string => {
  const { state, phase, failure } = row;
  const isUnderWay = state === 'prepared' || state === 'sent';
  const mayBeInTime = phase === 'before' || phase === 'running';
  return (
    `${row.kind[0] ?? ''}${state}${row.keyId ?? ''}${phase[0] ?? ''}${isUnderWay && row.leaseOver ? 'l' : ''}` +
    `${row.holder === null ? '' : 'h'}${row.baseline === null ? '' : row.baseline.status},` +
    `${state === 'refused' ? (failure ?? '') : ''}${row.code}${row.superseded ? 's' : ''}` +
    `${row.evidence === null ? '' : 'e'}${row.requests}${mayBeInTime && row.toldUnpaid ? 't' : ''}`
  );
});

const workKey = remembered((work: Work): string => {
  switch (work.at) {
    case 'idle':
      return 'i';
    case 'reading':
      return `r${work.asked.kind}${work.asked.keyId ?? ''}${work.asked.wasUnpayable}`;
    case 'deciding':
      return `d${work.asked.kind}${work.asked.keyId ?? ''}${work.asked.wasUnpayable}${snapshotKey(work.snapshot)}`;
    case 'preparing':
      return `p${work.asked.kind}${work.asked.keyId ?? ''}${work.asked.wasUnpayable}${work.baseline?.status ?? ''}`;
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
});

const appmaxKey = remembered(({ view, before, age, payments, wasPaidTwice }: Appmax): string => {
  const made = payments.map(({ id, state, inTime, shown }) => {
    const isOpen = state === 'code' && shown;
    return `${id}${state}${inTime ? 't' : ''}${isOpen ? 's' : ''}`;
  });
  return `${viewKey(view)}|${viewKey(before)}|${age}${wasPaidTwice ? 't' : ''}|${made.join('/')}`;
});

const budgetKey = remembered((budget: Budget): string => Object.values(budget).join(''));

/** The last world that was described, which is asked for twice. */
let last: { readonly world: World; readonly key: string } | null = null;

/** The part of a state that lasts without the instances: the database and Appmax. */
export function lastingKey(world: World): string {
  if (last?.world !== world) last = { world, key: describeLasting(world) };
  return last.key;
}

function describeLasting({ orderStatus, isFlagged, operations, appmax }: World): string {
  let key = orderStatus + (isFlagged ? '!' : '');
  for (const row of operations) key += '/' + rowKey(row);
  return `${key}|${appmaxKey(appmax)}`;
}

/**
 * The canonical form of a state: two histories that lead to the same one have the same future. The instances are alike,
 * so their order decides nothing.
 */
export function keyOf(world: World): string {
  const works = world.instances.map(workKey).sort().join('&');
  const { slowRead, requests, budget, fault } = world;
  return `${lastingKey(world)}&${works}#${snapshotKey(slowRead)}#${requests}#${budgetKey(budget)}#${fault ?? ''}`;
}
