import { isPaid } from '../../src/orders/status/status-rules';
import type { Effect } from '../../src/payments/operations/state/effect';
import {
  CLASS_OF_KIND,
  type OperationState,
  type OrderReading,
} from '../../src/payments/operations/state/operation';
import { type Asked, type LedgerRow, preparedRow, withFault, withRow, withWork, type World } from './model';
import type { Scenario } from './scenario';

/** The allowed changes of a row's state. */
const CHANGES: Readonly<Record<OperationState, readonly OperationState[]>> = {
  prepared: ['sent', 'not_sent'],
  sent: ['prepared', 'unknown', 'done', 'declined', 'refused'],
  unknown: ['done', 'declined', 'refused', 'not_done'],
  done: ['done', 'confirmed', 'denied'],
  not_done: ['done', 'declined'],
  declined: ['done', 'declined'],
  confirmed: [],
  refused: [],
  not_sent: [],
  denied: [],
};

/** Writes effects to the rows, as the service's repository does: an update only where the row still has the state `from`. */
export function write(world: World, effects: readonly Effect[]): World {
  return effects.reduce(writeOne, world);
}

function writeOne(world: World, effect: Effect): World {
  switch (effect.type) {
    case 'update': {
      const row = world.operations.find(({ id, state }) => id === effect.id && state === effect.from);
      return row === undefined ? world : update(world, row, effect);
    }
    case 'prove_status':
      return isPaid(world.orderStatus) ? world : { ...world, orderStatus: effect.status };
    case 'apply_status':
      return { ...world, orderStatus: effect.status };
    case 'paid_twice':
      return { ...world, isFlagged: true };
    case 'close':
      return { ...world, isClosed: true };
    case 'decide':
    case 'judge_closing':
      return world;
  }
}

function update(world: World, row: LedgerRow, effect: Effect & { type: 'update' }): World {
  const isCode = CLASS_OF_KIND[row.kind] === 'code';
  const written = withRow(world, row.id, {
    state: effect.to,
    failure: effect.failure ?? row.failure,
    evidence: effect.evidence ?? row.evidence,
    superseded: effect.superseded ?? row.superseded,
    ...(effect.to === 'sent' ? { phase: 'running' } : {}),
    ...(effect.to === 'prepared' ? { phase: 'before' } : {}),
    ...(effect.to === 'done' && isCode ? { code: row.code === 'none' ? 'open' : row.code } : {}),
    ...(effect.to === 'sent' || effect.to === 'prepared' ? {} : { holder: null }),
  });
  if (!CHANGES[row.state].includes(effect.to))
    return withFault(written, `an operation went from ${row.state} to ${effect.to}`);
  if (effect.to === 'not_done' && row.phase !== 'over' && !(isCode && row.phase === 'settling'))
    return withFault(written, `an operation was judged as not done while ${row.phase}`);
  if (row.state === 'declined' && row.evidence === null && effect.to === 'done')
    return withFault(written, 'a charge that Appmax itself has declined counts as made');
  return written;
}

/** Returns true if a failure leaves the key free for another charge. */
export const isHarmless = ({ state, failure }: LedgerRow): boolean =>
  state === 'not_sent' || (state === 'refused' && failure === 'rate_limited');

/** Inserts a prepared row; the unique indexes refuse it beside an open payment of the sale or another charge of the key. */
export function insert(
  world: World,
  instance: number,
  asked: Asked,
  baseline: OrderReading | null,
  { guard }: Scenario,
): World {
  const payments = world.operations.filter(({ kind }) => kind !== 'order');
  const isTaken =
    payments.some(({ state }) => ['prepared', 'sent', 'unknown'].includes(state)) ||
    (asked.kind === 'credit_card' &&
      asked.keyId !== null &&
      payments.some((row) => row.kind === asked.kind && row.keyId === asked.keyId && !isHarmless(row)));
  if (isTaken && guard === 'indexes') return withWork(world, instance, { at: 'idle' });
  const id = world.operations.reduce((last, row) => Math.max(last, row.id), 0) + 1;
  return withWork(
    { ...world, operations: [...world.operations, preparedRow(id, asked, baseline, instance)] },
    instance,
    { at: 'fencing', asked, id },
  );
}
