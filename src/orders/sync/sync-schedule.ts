import { isKnown } from '../status/status-rules';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LONGEST = 30 * DAY;

/** Ages in seconds, counted from the last change of status, at which Appmax is asked what became of an order. */
const OPEN_AGES: readonly number[] = [
  1 * MINUTE,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  ...Array.from({ length: 59 }, (_, half) => (half + 1) * (DAY / 2)),
];
/** For orders that are where most of them stay: only a refund, a chargeback or a second payment may still come. */
const RESTING_AGES: readonly number[] = [2 * HOUR, 1 * DAY, 3 * DAY, 7 * DAY, 14 * DAY, 29 * DAY];

/** `open`: something is expected to happen · `resting`: something still may · `settled`: nothing will. */
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

/** Statuses whose orders are still synced. A status that we don't know is open: Appmax may name another one next. */
export function stageOf(status: string): Stage {
  return isKnown(status) ? (STAGES[status] ?? 'open') : 'open';
}

/**
 * How old an order's status will be when it is synced next.
 *
 * @param age of the status now, in seconds.
 * @returns seconds, or undefined when the order is not synced any more.
 */
export function nextSyncAge(status: string, age: number): number | undefined {
  return AGES[stageOf(status)].find((sync) => sync > age && sync <= LONGEST);
}

/**
 * Whether a sync fell due after the last one.
 *
 * @param lastAge the age of the status when Appmax was last asked, 0 when it was not.
 */
export function isSyncDueByAge(status: string, { age, lastAge }: { age: number; lastAge: number }): boolean {
  const next = nextSyncAge(status, lastAge);
  return next !== undefined && next <= age;
}

/** A status of an order, since when it has it, and the time; `speed` has it grow old faster than real time. */
export interface ScheduledOrder {
  readonly status: string;
  readonly since: Date;
  readonly now: Date;
  readonly speed: number;
}

/** When an order is synced next, in the time in which orders grow old; null is never. */
export function nextSyncAt({ status, since, now, speed }: ScheduledOrder): Date | null {
  const age = nextSyncAge(status, secondsBetween(since, now) * speed);
  return age === undefined ? null : new Date(since.getTime() + age * 1000);
}

/** Whether Appmax is to be asked now, or the order was only looked at because its status changed a minute ago. */
export function isSyncDue({ status, since, now, speed }: ScheduledOrder, askedAt: Date | null): boolean {
  const lastAge = askedAt === null ? 0 : secondsBetween(since, askedAt) * speed;
  return isSyncDueByAge(status, { age: secondsBetween(since, now) * speed, lastAge });
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, (to.getTime() - from.getTime()) / 1000);
}
