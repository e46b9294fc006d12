import type { OrderReading } from '../../src/payments/operations/state/operation';
import type { Appmax, Budget, LedgerRow, Snapshot, View, Work, World } from './model';

/** A short id for each description. It keeps keys short, because most of them share their parts. */
const ids = new Map<string, string>();

function idOf(description: string): string {
  let id = ids.get(description);
  if (id === undefined) ids.set(description, (id = ids.size.toString(36)));
  return id;
}

/** Caches the short id of an object's description: states share most of their parts. */
export function memoized<Part extends object>(describe: (part: Part) => string): (part: Part) => string {
  const known = new WeakMap<Part, string>();
  return (part) => {
    const cached = known.get(part);
    if (cached !== undefined) return cached;
    const id = idOf(describe(part));
    known.set(part, id);
    return id;
  };
}

const viewKey = (view: View | null): string =>
  view === null ? '' : `${view.status}${view.method?.[0] ?? ''}${view.paid}`;

const readingKey = (reading: OrderReading | null): string =>
  reading === null ? '' : `${reading.status}${reading.method?.[0] ?? ''}${reading.totalPaidCents ?? ''}`;

const snapshotKey = (snapshot: Snapshot | null): string =>
  snapshot === null
    ? ''
    : readingKey(snapshot.reading) +
      snapshot.phases.map((phase) => phase[0] ?? '').join('') +
      snapshot.codesOver.map(Number).join('');

/**
 * Describes a row without the facts that no longer matter: the evidence of a charge, except that there is some; the
 * lease of an operation that is not under way; what a client was told about a request that can no longer take effect in
 * time; and the instance that works on the operation, which is in that instance's own key.
 */
const rowKey = memoized((row: LedgerRow): string => {
  const { state, phase, failure } = row;
  const isUnderWay = state === 'prepared' || state === 'sent';
  const mayBeInTime = phase === 'before' || phase === 'running';
  return (
    `${row.kind[0] ?? ''}${state}${row.keyId ?? ''}${phase[0] ?? ''}${isUnderWay && row.leaseOver ? 'l' : ''}` +
    `${row.holder === null ? '' : 'h'}${row.baseline === null ? '' : row.baseline.status},` +
    `${state === 'refused' ? (failure ?? '') : ''}${row.code}${row.superseded ? 's' : ''}` +
    `${row.evidence === null ? '' : 'e'}${row.expiryAge}${row.requests}${mayBeInTime && row.toldUnpaid ? 't' : ''}`
  );
});

const workKey = memoized((work: Work): string => {
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

const appmaxKey = memoized(({ view, before, age, payments, wasPaidTwice }: Appmax): string => {
  const made = payments.map(({ id, state, inTime, shown }) => {
    const isOpen = state === 'code' && shown;
    return `${id}${state}${inTime ? 't' : ''}${isOpen ? 's' : ''}`;
  });
  return `${viewKey(view)}|${viewKey(before)}|${age}${wasPaidTwice ? 't' : ''}|${made.join('/')}`;
});

const budgetKey = memoized((budget: Budget): string => Object.values(budget).join(''));

/** The last world that was described: each one is described twice. */
let last: { readonly world: World; readonly key: string } | null = null;

/** Returns the key of the part of a state that outlives the instances: the database and Appmax. */
export function lastingKey(world: World): string {
  if (last?.world !== world) last = { world, key: describeLasting(world) };
  return last.key;
}

function describeLasting({ orderStatus, isFlagged, isClosed, operations, appmax }: World): string {
  let key = orderStatus + (isFlagged ? '!' : '') + (isClosed ? 'x' : '');
  for (const row of operations) key += '/' + rowKey(row);
  return `${key}|${appmaxKey(appmax)}`;
}

/**
 * Returns the canonical form of a state. States with the same form have the same future. The instances are equal, so
 * their order does not matter.
 */
export function keyOf(world: World): string {
  const works = world.instances.map(workKey).sort().join('&');
  const { slowRead, closing, requests, budget, fault } = world;
  return `${lastingKey(world)}&${works}#${snapshotKey(slowRead)}#${snapshotKey(closing)}#${requests}#${budgetKey(budget)}#${fault ?? ''}`;
}
