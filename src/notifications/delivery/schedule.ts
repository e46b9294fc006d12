const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** The pauses in seconds after the first, second, … failed attempt. After one more failure the endpoint is disabled. */
export const PAUSES_SECONDS = [
  5,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;

/** The time of the whole schedule. An endpoint that has accepted nothing for as long is disabled. */
export const SCHEDULE_SECONDS = PAUSES_SECONDS.reduce((sum, pause) => sum + pause, 0);

/** Returns the pause after a failed attempt (1 is the first); undefined after the last one. */
export function pauseAfter(attempt: number): number | undefined {
  return PAUSES_SECONDS[attempt - 1];
}
