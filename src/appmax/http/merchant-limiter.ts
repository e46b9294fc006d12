import { AppmaxFailure } from '../failures/appmax-failure';

/** The priority of a call: `shopper` if a shopper waits for the answer, else `background`. */
export type Priority = 'shopper' | 'background';

/**
 * The longest time, in seconds, that a call waits for the limiter. After 10 s a shopper gets 503 with `Retry-After`.
 * Background work may wait longer, but it occupies a worker during that time.
 */
export const LONGEST_WAIT_SECONDS: Readonly<Record<Priority, number>> = { shopper: 10, background: 30 };

interface Waiting {
  /** The end of the longest wait, by the monotonic clock, in milliseconds. */
  readonly endsAt: number;
  readonly resolve: () => void;
  readonly reject: (failure: AppmaxFailure) => void;
}

interface Bucket {
  tokens: number;
  filledAt: number;
  readonly waiting: Record<Priority, Waiting[]>;
  timer: NodeJS.Timeout | undefined;
}

/** The rate limit of one merchant. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** At this number of buckets, full ones are deleted: a new bucket starts full, so no state is lost. */
const MAXIMUM_BUCKETS = 10_000;

/**
 * Limits the calls of each merchant with a token bucket: a burst, then a number of calls a second. Further calls are
 * queued, shoppers' calls before background calls.
 */
export class MerchantLimiter {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly rate: Rate) {}

  /**
   * Waits until a call of a merchant may be sent, for {@link LONGEST_WAIT_SECONDS} at most.
   *
   * @param longestSeconds a shorter limit: the time that the call has left.
   * @throws AppmaxFailure `rate_limited` without a status if the wait is too long: at once if that is already known.
   */
  async acquire(merchant: string, priority: Priority, longestSeconds = Infinity): Promise<void> {
    const bucket = this.bucketOf(merchant);
    this.fill(bucket);
    if (bucket.tokens >= 1 && !this.hasWaiting(bucket)) {
      bucket.tokens -= 1;
      return;
    }
    const seconds = this.secondsToWait(bucket, priority);
    const longest = Math.min(LONGEST_WAIT_SECONDS[priority], longestSeconds);
    if (seconds > longest) throw ownLimitFailure(seconds);
    await new Promise<void>((resolve, reject) => {
      bucket.waiting[priority].push({ endsAt: performance.now() + longest * 1000, resolve, reject });
      this.schedule(bucket);
    });
  }

  private bucketOf(merchant: string): Bucket {
    const known = this.buckets.get(merchant);
    if (known !== undefined) return known;
    if (this.buckets.size >= MAXIMUM_BUCKETS) this.deleteFullBuckets();
    const bucket: Bucket = {
      tokens: this.rate.burst,
      filledAt: performance.now(),
      waiting: { shopper: [], background: [] },
      timer: undefined,
    };
    this.buckets.set(merchant, bucket);
    return bucket;
  }

  private fill(bucket: Bucket): void {
    const now = performance.now();
    const earned = ((now - bucket.filledAt) / 1000) * this.rate.perSecond;
    bucket.tokens = Math.min(this.rate.burst, bucket.tokens + earned);
    bucket.filledAt = now;
  }

  private hasWaiting({ waiting }: Bucket): boolean {
    return waiting.shopper.length + waiting.background.length > 0;
  }

  private secondsToWait({ tokens, waiting }: Bucket, priority: Priority): number {
    const ahead = waiting.shopper.length + (priority === 'background' ? waiting.background.length : 0);
    return Math.max(0, (ahead + 1 - tokens) / this.rate.perSecond);
  }

  private schedule(bucket: Bucket): void {
    const milliseconds = Math.ceil((Math.max(0, 1 - bucket.tokens) / this.rate.perSecond) * 1000);
    bucket.timer ??= setTimeout(() => {
      bucket.timer = undefined;
      this.serve(bucket);
    }, milliseconds);
  }

  private serve(bucket: Bucket): void {
    this.fill(bucket);
    while (bucket.tokens >= 1) {
      const next = bucket.waiting.shopper.shift() ?? bucket.waiting.background.shift();
      if (next === undefined) return;
      bucket.tokens -= 1;
      next.resolve();
    }
    this.rejectLate(bucket);
    if (this.hasWaiting(bucket)) this.schedule(bucket);
  }

  /** Rejects background calls whose time is over: shoppers' calls that came later have been sent before them. */
  private rejectLate(bucket: Bucket): void {
    const now = performance.now();
    const late = bucket.waiting.background.filter(({ endsAt }) => endsAt < now);
    bucket.waiting.background = bucket.waiting.background.filter(({ endsAt }) => endsAt >= now);
    for (const { reject } of late) reject(ownLimitFailure(this.secondsToWait(bucket, 'background')));
  }

  private deleteFullBuckets(): void {
    for (const [merchant, bucket] of this.buckets) {
      this.fill(bucket);
      if (bucket.tokens >= this.rate.burst && !this.hasWaiting(bucket)) this.buckets.delete(merchant);
    }
  }
}

/** The failure of a call that was not sent, so it has no status. `Retry-After` takes whole seconds, at least 1. */
function ownLimitFailure(seconds: number): AppmaxFailure {
  return new AppmaxFailure('rate_limited', 'own limit', {
    retryAfterSeconds: Math.max(1, Math.ceil(seconds)),
  });
}
