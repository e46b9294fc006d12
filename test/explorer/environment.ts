import type { Phase } from '../../src/payments/operations/state/operation';
import { isCode } from '../../src/payments/operations/state/rules';
import {
  changeOutside,
  charge,
  decline,
  expire,
  passAnalysis,
  payCode,
  paymentOf,
  refuseByRisk,
  UNKNOWN_STATUS,
} from './appmax';
import { closings } from './closing';
import { type LedgerRow, rowOf, spend, withRow, withWork, type World } from './model';
import type { Next } from './search';
import { apply, readsOf, type Run } from './service';

/** Returns the events that may happen by themselves, besides the steps of the instances. */
export function spontaneousEvents(world: World, run: Run): Next<World>[] {
  return [
    ...appmaxActs(world, run),
    ...leases(world, run),
    ...disturbances(world, run),
    ...backgroundReads(world, run),
    ...resolutions(world, run),
    ...closings(world, run),
    ...ticks(world, run),
  ];
}

function appmaxActs(world: World, run: Run): Next<World>[] {
  const next: Next<World>[] = [];
  for (const payment of world.appmax.payments) {
    const { id, state } = payment;
    const { phase, code } = rowOf(world, id);
    if (state === 'pending') {
      const isLate = phase !== 'running';
      if (!isLate || world.budget.lateCharges > 0)
        next.push([
          `operation ${id} is charged${isLate ? ' too late' : ''}`,
          answered(charge(isLate ? spend(world, 'lateCharges') : world, id, 'aprovado'), id),
        ]);
    }
    if (state === 'pending_decline')
      next.push([`the charge of operation ${id} is declined late`, decline(world, id)]);
    if (state === 'charged' && world.budget.riskRefusals > 0)
      next.push([`anti-fraud refuses operation ${id}`, refuseByRisk(spend(world, 'riskRefusals'), payment)]);
    if (state === 'code' && payment.shown)
      next.push([`the shopper pays code ${id}`, payCode(world, payment)]);
    if (state === 'paid' && code === 'open' && phase === 'over' && run.scenario.budget.closings !== undefined)
      next.push([`the expiry of the paid code ${id} passes`, withRow(world, id, { code: 'expired' })]);
    if (state === 'code' && phase === 'over' && (run.scenario.reportsExpiry || code !== 'open'))
      next.push([`code ${id} expires`, expire(world, payment, run.scenario)]);
  }
  if (world.appmax.view.status === UNKNOWN_STATUS && world.appmax.view.paid > 0)
    next.push(['the unknown analysis approves the order', passAnalysis(world)]);
  const changed = world.budget.outsideChanges > 0 ? changeOutside(world) : world;
  if (changed !== world)
    next.push([
      `another system makes the order ${changed.appmax.view.status}`,
      spend(changed, 'outsideChanges'),
    ]);
  return next;
}

/** Gives the answer to a slow charge to the instance that waits for it. */
function answered(world: World, id: number): World {
  const instance = world.instances.findIndex((work) => work.at === 'waiting' && work.id === id);
  const work = world.instances[instance];
  return work?.at === 'waiting' && work.answer === null
    ? withWork(world, instance, { ...work, answer: { kind: 'accepted', status: 'aprovado' } })
    : world;
}

const isUnderWay = ({ state }: LedgerRow): boolean => state === 'prepared' || state === 'sent';

function leases(world: World, run: Run): Next<World>[] {
  return world.operations.filter(isUnderWay).flatMap((row): Next<World>[] => {
    if (row.leaseOver)
      return [
        [
          `the settler ends the lease of operation ${row.id}`,
          apply(world, { type: 'lease_over', id: row.id }, null, run),
        ],
      ];
    return row.holder === null
      ? [[`the lease of operation ${row.id} expires`, withRow(world, row.id, { leaseOver: true })]]
      : [];
  });
}

function disturbances(world: World, run: Run): Next<World>[] {
  const next: Next<World>[] = [];
  world.instances.forEach((work, instance) => {
    if (!('id' in work)) return;
    const { id, at } = work;
    const row = rowOf(world, id);
    const isHolder = row.holder === instance && isUnderWay(row);
    if (isHolder && world.budget.crashes > 0)
      next.push([
        `instance ${instance} crashes and restarts`,
        withWork(withRow(spend(world, 'crashes'), id, { holder: null }), instance, { at: 'idle' }),
      ]);
    if (isHolder && !row.leaseOver && world.budget.pauses > 0) {
      const paused = withRow(spend(world, 'pauses'), id, { leaseOver: true });
      next.push([
        `instance ${instance} pauses until its lease has expired`,
        at === 'sending' ? withWork(paused, instance, { ...work, isStale: true }) : paused,
      ]);
    }
    if (isHolder && (at === 'fencing' || at === 'waiting') && world.budget.exceptions > 0)
      next.push([
        `instance ${instance} throws`,
        withWork(
          apply(spend(world, 'exceptions'), { type: 'failed', id, failure: 'exception' }, null, run),
          instance,
          { at: 'idle' },
        ),
      ]);
  });
  return next;
}

function backgroundReads(world: World, run: Run): Next<World>[] {
  if (run.scenario.isNeverSynced) return [];
  const next: Next<World>[] = [];
  const add = (event: string, after: World): void => {
    if (after !== world) next.push([event, after]);
  };
  if (world.operations.some(({ state }) => state === 'unknown'))
    add('the settler judges by the time alone', apply(world, { type: 'read', reading: null }, null, run));
  for (const [event, from, snapshot] of readsOf(world, run)) {
    const read = apply(from, { type: 'read', reading: snapshot.reading }, snapshot, run);
    if (read !== from) add(`the sync ${event}`, read);
  }
  if (world.slowRead !== null)
    add(
      `the slow sync applies ${world.slowRead.reading.status}`,
      apply(
        { ...world, slowRead: null },
        { type: 'read', reading: world.slowRead.reading },
        world.slowRead,
        run,
      ),
    );
  else if (world.budget.slowReads > 0)
    for (const [event, from, snapshot] of readsOf(world, run))
      add(`a slow sync ${event}`, { ...spend(from, 'slowReads'), slowRead: snapshot });
  return next;
}

/** Lets an operator resolve a charge by what Appmax shows. A pending charge looks like one that was never made. */
function resolutions(world: World, run: Run): Next<World>[] {
  if (world.budget.resolutions === 0) return [];
  const spent = spend(world, 'resolutions');
  return world.operations
    .filter(({ kind, state }) => kind === 'credit_card' && (state === 'unknown' || state === 'done'))
    .flatMap(({ id }): Next<World>[] => {
      const outcome = paymentOf(world, id)?.state === 'charged' ? 'done' : 'not_done';
      const resolved = apply(spent, { type: 'resolved', id, outcome }, null, run);
      return resolved === spent ? [] : [[`an operator resolves operation ${id} as ${outcome}`, resolved]];
    });
}

const NEXT_PHASE: Readonly<Record<Phase, Phase>> = {
  before: 'before',
  running: 'settling',
  settling: 'over',
  over: 'over',
};

/** Lets the time of one limit pass: each operation that was sent enters its next phase. */
export function tick(world: World, { reportsExpiry, budget }: Run['scenario']): World {
  const { appmax } = world;
  const age = Math.min(appmax.age + 1, 2);
  return {
    ...world,
    operations: world.operations.map((row) => {
      const phase = NEXT_PHASE[row.phase];
      const expiryAge =
        budget.closings !== undefined && row.code === 'expired' && row.expiryAge < 2
          ? ((row.expiryAge + 1) as 1 | 2)
          : row.expiryAge;
      const isCodeOver = expiryAge === 2;
      const isOldCode = isCode(row) && row.code === 'open' && phase === 'over' && !reportsExpiry;
      return phase === row.phase && !isOldCode && expiryAge === row.expiryAge
        ? row
        : { ...row, phase, expiryAge, isCodeOver, ...(isOldCode ? { code: 'expiry_unknown' } : {}) };
    }),
    appmax: {
      ...appmax,
      age,
      before: age === 2 ? null : appmax.before,
      // A pending charge that may no longer be made is over.
      payments: appmax.payments.map((payment) =>
        payment.state === 'pending' && world.budget.lateCharges === 0
          ? { ...payment, state: 'nothing' }
          : payment,
      ),
    },
    instances: world.instances.map((work) => (work.at === 'sending' ? { ...work, isStale: true } : work)),
  };
}

function ticks(world: World, run: Run): Next<World>[] {
  const isMoving =
    world.appmax.age < 2 ||
    world.operations.some(
      ({ phase, code, expiryAge }) =>
        phase === 'running' ||
        phase === 'settling' ||
        (code === 'expired' && expiryAge < 2 && run.scenario.budget.closings !== undefined),
    );
  return isMoving ? [['time passes', tick(world, run.scenario)]] : [];
}
