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
 * The age that an order's status will have when the order is synced next.
 *
 * @param age of the status now, in seconds.
 * @returns seconds, or undefined when the order is not synced any more.
 */
export function nextSyncAge(status: string, age: number): number | undefined {
  return AGES[stageOf(status)].find((sync) => sync > age && sync <= LONGEST);
}

/**
 * When an order is synced next.
 *
 * @param since the instant at which it got its status.
 * @returns null when it is not synced any more.
 */
export function nextSyncAt({
  status,
  since,
  now,
}: {
  readonly status: string;
  readonly since: Date;
  readonly now: Date;
}): Date | null {
  const age = nextSyncAge(status, Math.max(0, (now.getTime() - since.getTime()) / 1000));
  return age === undefined ? null : new Date(since.getTime() + age * 1000);
}
