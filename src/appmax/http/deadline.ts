/** An attempt that would have less time than this for its answer is not sent. */
export const MINIMUM_ATTEMPT_SECONDS = 1;

/** The time that all attempts of one call have together, by the monotonic clock. */
export class Deadline {
  private endsAt: number | undefined;

  constructor(private readonly seconds: number) {}

  /** Starts the time; only the first start counts. */
  start(): this {
    this.endsAt ??= performance.now() + this.seconds * 1000;
    return this;
  }

  get isStarted(): boolean {
    return this.endsAt !== undefined;
  }

  /** What is left, in seconds; all of it before the start. */
  get secondsLeft(): number {
    return this.endsAt === undefined ? this.seconds : (this.endsAt - performance.now()) / 1000;
  }

  /** Whether an attempt that begins after so many seconds is still worth sending. */
  allowsAttemptIn(seconds: number): boolean {
    return this.secondsLeft - seconds >= MINIMUM_ATTEMPT_SECONDS;
  }
}
