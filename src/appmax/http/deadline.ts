/** The least time, in seconds, that an attempt must have left; with less, it is not sent. */
export const MINIMUM_ATTEMPT_SECONDS = 1;

/** The time limit of all attempts of one call together, by the monotonic clock. */
export class Deadline {
  private endsAt: number | undefined;

  constructor(private readonly seconds: number) {}

  /** Starts the clock; only the first start counts. */
  start(): this {
    this.endsAt ??= performance.now() + this.seconds * 1000;
    return this;
  }

  get isStarted(): boolean {
    return this.endsAt !== undefined;
  }

  /** The remaining time in seconds; the whole limit before the start. */
  get secondsLeft(): number {
    return this.endsAt === undefined ? this.seconds : (this.endsAt - performance.now()) / 1000;
  }

  /** Returns true if an attempt that begins in this many seconds would still have enough time. */
  allowsAttemptIn(seconds: number): boolean {
    return this.secondsLeft - seconds >= MINIMUM_ATTEMPT_SECONDS;
  }
}

/** Returns the milliseconds after which a call of these seconds is not written any more: its minimum time must remain. */
export function longestBeforeWrite(seconds: number): number {
  return 1000 * Math.max(seconds - MINIMUM_ATTEMPT_SECONDS, seconds / 2);
}

/** Returns true if a call that timed out had at least half of its whole time: else it proves nothing about Appmax. */
export function hadFairTime(seconds: number, wholeSeconds: number): boolean {
  return seconds >= wholeSeconds / 2;
}
