import { isKnown } from '../status/status-rules';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MAXIMUM_AGE = 30 * DAY;

/** The ages of a status, in seconds, at which an open order is synced. */
const OPEN_AGES: readonly number[] = [
  1 * MINUTE,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  ...Array.from({ length: 59 }, (_, half) => (half + 1) * (DAY / 2)),
];
/** The ages for a final status of most orders: only a refund, a chargeback or a second payment may still change it. */
const RESTING_AGES: readonly number[] = [2 * HOUR, 1 * DAY, 3 * DAY, 7 * DAY, 14 * DAY, 29 * DAY];

/** `open`: a change is expected · `resting`: a change is possible · `settled`: no change is possible. */
type Stage = 'open' | 'resting' | 'settled';

const STAGES: Readonly<Record<string, Stage>> = {
  cancelado: 'resting',
  aprovado: 'resting',
  pendente_integracao: 'resting',
  integrado: 'resting',
  estornado: 'settled',
  recusado_por_risco: 'settled',
  chargeback_perdido: 'settled',
  chargeback_vencido: 'settled',
};

const AGES: Readonly<Record<Stage, readonly number[]>> = {
  open: OPEN_AGES,
  resting: RESTING_AGES,
  settled: [],
};

/** Returns the stage of a status. An unknown status is open, because Appmax may report a known one later. */
export function stageOf(status: string): Stage {
  return isKnown(status) ? (STAGES[status] ?? 'open') : 'open';
}

/**
 * Returns the age of an order's status at which the order is synced next, in seconds.
 *
 * @param age the current age, in seconds.
 * @returns undefined if the order is not synced any more.
 */
export function nextSyncAge(status: string, age: number): number | undefined {
  return AGES[stageOf(status)].find((sync) => sync > age && sync <= MAXIMUM_AGE);
}

/** An order's status, the time at which it got it, and the database's clock. */
interface ScheduledOrder {
  readonly status: string;
  readonly since: Date;
  readonly now: Date;
}

/**
 * Returns the time of an order's next sync.
 *
 * @param since the time at which the order got its status.
 * @returns null if it is not synced any more.
 */
export function nextSyncAt({ status, since, now }: ScheduledOrder): Date | null {
  const age = nextSyncAge(status, Math.max(0, (now.getTime() - since.getTime()) / 1000));
  return age === undefined ? null : new Date(since.getTime() + age * 1000);
}

/** Returns true if the schedule has had a sync of the order since Appmax was last asked. */
export function isScheduleDue(order: ScheduledOrder & { readonly askedAt: Date | null }): boolean {
  const nextAt = nextSyncAt({ ...order, now: order.askedAt ?? order.since });
  return nextAt !== null && nextAt <= order.now;
}
