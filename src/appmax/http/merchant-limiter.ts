import { AppmaxFailure } from '../failures/appmax-failure';

/**
 * The priority of a call. `payment`: a payment, and what is read for it. `shopper`: any other call that a shopper waits
 * for, such as installments, card tokens and new orders. `background`: no client waits for it.
 */
export type Priority = 'payment' | 'shopper' | 'background';

/** The priorities, the first one first. */
const PRIORITIES = ['payment', 'shopper', 'background'] as const satisfies readonly Priority[];

/**
 * The longest time, in seconds, that a call waits for the limiter. After 10 s a shopper gets 503 with `Retry-After`.
 * Background work may wait longer, but it occupies a worker during that time.
 */
export const LONGEST_WAIT_SECONDS: Readonly<Record<Priority, number>> = {
  payment: 10,
  shopper: 10,
  background: 30,
};

/** The part of the burst that only payments may use. Other calls leave these tokens in the bucket. */
const PAYMENT_SHARE_OF_BURST = 0.2;

/** The number of running calls of one merchant, by priority: a slow merchant can't occupy all connections. */
export const RUNNING_CALLS: Readonly<Record<Priority, number>> = {
  payment: 128,
  shopper: 128,
  background: 64,
};

/** A call whose turn comes in the same moment in which its wait ends is still sent. */
const GRACE_MILLISECONDS = 100;

/** Ends a call: another one may run in its place. */
export type Release = () => void;

interface Waiting {
  readonly resolve: (release: Release) => void;
  readonly timer: NodeJS.Timeout;
}

interface Bucket {
  tokens: number;
  filledAt: number;
  readonly waiting: Record<Priority, Waiting[]>;
  readonly running: Record<Priority, number>;
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
 * queued by priority. A part of the burst is for payments only, and the running calls of each priority are limited.
 */
export class MerchantLimiter {
  private readonly buckets = new Map<string, Bucket>();
  private readonly reserved: Readonly<Record<Priority, number>>;

  constructor(private readonly rate: Rate) {
    const reserved = Math.floor(rate.burst * PAYMENT_SHARE_OF_BURST);
    this.reserved = { payment: 0, shopper: reserved, background: reserved };
  }

  /**
   * Waits until a call of a merchant may be sent, for {@link LONGEST_WAIT_SECONDS} at most.
   *
   * @param longestSeconds a shorter limit: the time that the call has left.
   * @returns the function that ends the call.
   * @throws AppmaxFailure `rate_limited` without a status if the wait is too long: at once if that is already known.
   */
  async acquire(merchant: string, priority: Priority, longestSeconds = Infinity): Promise<Release> {
    const bucket = this.bucketOf(merchant);
    this.fill(bucket);
    if (this.ahead(bucket, priority) === 0 && this.mayStart(bucket, priority))
      return this.start(bucket, priority);
    const seconds = this.secondsToWait(bucket, priority);
    const longest = Math.min(LONGEST_WAIT_SECONDS[priority], longestSeconds);
    if (seconds > longest) throw ownLimitFailure(seconds);
    return new Promise<Release>((resolve, reject) => {
      const timer = setTimeout(
        () => {
          bucket.waiting[priority] = bucket.waiting[priority].filter((each) => each.timer !== timer);
          reject(ownLimitFailure(this.secondsToWait(bucket, priority)));
        },
        longest * 1000 + GRACE_MILLISECONDS,
      );
      bucket.waiting[priority].push({ resolve, timer });
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
      waiting: { payment: [], shopper: [], background: [] },
      running: { payment: 0, shopper: 0, background: 0 },
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

  /** Returns the number of waiting calls that are sent before a new call of this priority. */
  private ahead({ waiting }: Bucket, priority: Priority): number {
    const before = PRIORITIES.slice(0, PRIORITIES.indexOf(priority) + 1);
    return before.reduce((sum, each) => sum + waiting[each].length, 0);
  }

  private mayRun({ running }: Bucket, priority: Priority): boolean {
    return running[priority] < RUNNING_CALLS[priority];
  }

  private mayStart(bucket: Bucket, priority: Priority): boolean {
    return bucket.tokens >= 1 + this.reserved[priority] && this.mayRun(bucket, priority);
  }

  private start(bucket: Bucket, priority: Priority): Release {
    bucket.tokens -= 1;
    bucket.running[priority] += 1;
    let isRunning = true;
    return () => {
      if (!isRunning) return;
      isRunning = false;
      bucket.running[priority] -= 1;
      this.serve(bucket);
    };
  }

  private secondsToWait(bucket: Bucket, priority: Priority): number {
    const needed = this.ahead(bucket, priority) + 1 + this.reserved[priority];
    return Math.max(0, (needed - bucket.tokens) / this.rate.perSecond);
  }

  /** Sets the timer for the next token that a waiting call can use. A call that ends serves the others itself. */
  private schedule(bucket: Bucket): void {
    const next = PRIORITIES.find((each) => bucket.waiting[each].length > 0 && this.mayRun(bucket, each));
    if (next === undefined) return;
    const missing = Math.max(0, 1 + this.reserved[next] - bucket.tokens);
    clearTimeout(bucket.timer);
    bucket.timer = setTimeout(
      () => {
        this.serve(bucket);
      },
      Math.ceil((missing / this.rate.perSecond) * 1000),
    );
  }

  private serve(bucket: Bucket): void {
    this.fill(bucket);
    for (const priority of PRIORITIES) {
      while (this.mayStart(bucket, priority)) {
        const next = bucket.waiting[priority].shift();
        if (next === undefined) break;
        clearTimeout(next.timer);
        next.resolve(this.start(bucket, priority));
      }
    }
    this.schedule(bucket);
  }

  private deleteFullBuckets(): void {
    for (const [merchant, bucket] of this.buckets) {
      this.fill(bucket);
      const isRunning = PRIORITIES.some((each) => bucket.running[each] > 0);
      if (bucket.tokens >= this.rate.burst && !isRunning && this.ahead(bucket, 'background') === 0)
        this.buckets.delete(merchant);
    }
  }
}

/** The failure of a call that was not sent, so it has no status. `Retry-After` takes whole seconds, at least 1. */
export function ownLimitFailure(seconds: number): AppmaxFailure {
  return new AppmaxFailure('rate_limited', 'own limit', {
    retryAfterSeconds: Math.max(1, Math.ceil(seconds)),
  });
}
