import { AppmaxFailure } from '../failures/appmax-failure';
import {
  CallTokens,
  type Level,
  PRIORITIES,
  type Priority,
  type Rate,
  type SharedBuckets,
} from './call-tokens';

/**
 * The longest time, in seconds, that a call waits for the limiter. After 10 s a shopper gets 503 with `Retry-After`.
 * Background work may wait longer, but it occupies a worker during that time.
 */
export const LONGEST_WAIT_SECONDS: Readonly<Record<Priority, number>> = {
  payment: 10,
  shopper: 10,
  background: 30,
};

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
  readonly merchant: string;
  readonly level: Level;
  readonly waiting: Record<Priority, Waiting[]>;
  readonly running: Record<Priority, number>;
  timer: NodeJS.Timeout | undefined;
  isServing: boolean;
}

/** At this number of buckets, full ones are deleted: a new bucket starts full, so no state is lost. */
const MAXIMUM_BUCKETS = 10_000;

/**
 * Limits the calls of each merchant with a token bucket: a burst, then a number of calls a second, with Redis for all
 * instances together. Further calls are queued by priority. A part of the burst is for payments only. The running calls
 * of each priority are limited, on each instance.
 */
export class MerchantLimiter {
  private readonly buckets = new Map<string, Bucket>();
  private readonly tokens: CallTokens;

  /** @param shared the buckets in Redis; undefined if the cache is the memory of this process. */
  constructor(
    private readonly rate: Rate,
    shared?: SharedBuckets,
  ) {
    this.tokens = new CallTokens(rate, shared);
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
    this.tokens.fill(bucket.level);
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
      void this.serve(bucket);
    });
  }

  private bucketOf(merchant: string): Bucket {
    const known = this.buckets.get(merchant);
    if (known !== undefined) return known;
    if (this.buckets.size >= MAXIMUM_BUCKETS) this.deleteFullBuckets();
    const bucket: Bucket = {
      merchant,
      level: this.tokens.newLevel(),
      waiting: { payment: [], shopper: [], background: [] },
      running: { payment: 0, shopper: 0, background: 0 },
      timer: undefined,
      isServing: false,
    };
    this.buckets.set(merchant, bucket);
    return bucket;
  }

  /** Returns the number of waiting calls that are sent before a new call of this priority. */
  private ahead({ waiting }: Bucket, priority: Priority): number {
    const before = PRIORITIES.slice(0, PRIORITIES.indexOf(priority) + 1);
    return before.reduce((sum, each) => sum + waiting[each].length, 0);
  }

  /** Returns the number of waiting calls of a priority that may run now. */
  private wanted({ waiting, running }: Bucket, priority: Priority): number {
    return Math.min(waiting[priority].length, RUNNING_CALLS[priority] - running[priority]);
  }

  private start(bucket: Bucket, priority: Priority): void {
    const next = bucket.waiting[priority].shift();
    // Its wait may have ended while Redis was asked; the token is lost then.
    if (next === undefined) return;
    clearTimeout(next.timer);
    bucket.running[priority] += 1;
    let isRunning = true;
    next.resolve(() => {
      if (!isRunning) return;
      isRunning = false;
      bucket.running[priority] -= 1;
      void this.serve(bucket);
    });
  }

  /** Returns the wait at the whole rate, which an instance may have again at any time when Redis does not answer. */
  private secondsToWait(bucket: Bucket, priority: Priority): number {
    const { level } = bucket;
    const needed = this.ahead(bucket, priority) + 1 + this.tokens.reserveOf(level, priority);
    return Math.max(0, (needed - level.tokens) / this.rate.perSecond);
  }

  /** Sets the timer for the next token that a waiting call can use. A call that ends serves the others itself. */
  private schedule(bucket: Bucket): void {
    const next = PRIORITIES.find((each) => this.wanted(bucket, each) > 0);
    if (next === undefined) return;
    const { level } = bucket;
    this.tokens.fill(level);
    const missing = Math.max(0, 1 + this.tokens.reserveOf(level, next) - level.tokens);
    clearTimeout(bucket.timer);
    bucket.timer = setTimeout(
      () => {
        void this.serve(bucket);
      },
      Math.ceil((missing / this.tokens.rateOf(level).perSecond) * 1000),
    );
  }

  /** Starts the waiting calls for which there are tokens. Calls that come meanwhile are served by the same run. */
  private async serve(bucket: Bucket): Promise<void> {
    if (bucket.isServing) return;
    bucket.isServing = true;
    try {
      for (;;) {
        const wanted = PRIORITIES.map((each) => this.wanted(bucket, each));
        if (wanted.every((count) => count === 0)) break;
        const taken = this.tokens.take(bucket.merchant, bucket.level, wanted);
        // Own tokens are given out at once: calls that come meanwhile must not count them as free.
        const granted = taken instanceof Promise ? await taken : taken;
        if (granted.every((count) => count === 0)) break;
        for (const [index, priority] of PRIORITIES.entries())
          for (let call = 0; call < (granted[index] ?? 0); call += 1) this.start(bucket, priority);
      }
    } finally {
      bucket.isServing = false;
      this.schedule(bucket);
    }
  }

  private deleteFullBuckets(): void {
    for (const [merchant, bucket] of this.buckets) {
      this.tokens.fill(bucket.level);
      const isRunning = PRIORITIES.some((each) => bucket.running[each] > 0);
      const isFull = bucket.level.tokens >= this.tokens.rateOf(bucket.level).burst;
      if (isFull && !isRunning && this.ahead(bucket, 'background') === 0) this.buckets.delete(merchant);
    }
  }
}

/** The failure of a call that was not sent, so it has no status. `Retry-After` takes whole seconds, at least 1. */
export function ownLimitFailure(seconds: number): AppmaxFailure {
  return new AppmaxFailure('rate_limited', 'own limit', {
    retryAfterSeconds: Math.max(1, Math.ceil(seconds)),
  });
}
