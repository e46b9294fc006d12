import { AppmaxFailure } from '../failures/appmax-failure';
import {
  type ByPriority,
  PRIORITIES,
  type Priority,
  type Rate,
  reservedOf,
  sharedReservedOf,
} from './priority';
import type { SharedLimit } from './shared-limit';

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

/** The limit of all instances, as far as this one uses it. */
export type OuterLimit = Pick<SharedLimit, 'isAsked' | 'take' | 'countOwn'>;

interface Waiting {
  readonly resolve: (release: Release) => void;
  readonly timer: NodeJS.Timeout;
}

/** The tokens of a bucket at a moment of the monotonic clock, in milliseconds. */
interface Level {
  readonly tokens: number;
  readonly at: number;
}

interface Bucket {
  readonly caller: string;
  tokens: number;
  filledAt: number;
  /** The bucket of all instances, as Redis has last answered. */
  shared: Level;
  readonly waiting: Record<Priority, Waiting[]>;
  readonly running: Record<Priority, number>;
  timer: NodeJS.Timeout | undefined;
  /** True while Redis is asked. Calls that come meanwhile are asked for next. */
  isAsking: boolean;
}

/** At this number of buckets, full ones are deleted: a new bucket starts full, so no state is lost. */
const MAXIMUM_BUCKETS = 10_000;

/**
 * Limits the calls of each merchant with a token bucket: a burst, then a number of calls a second. Further calls are
 * queued by priority. A part of the burst is for payments only, and the running calls of each priority are limited.
 *
 * With Redis, a call needs a token of the bucket of all instances, too. That one only delays: a payment that it has kept
 * waiting for the longest time starts if its own instance's bucket has a token. Appmax then answers 429 or accepts it.
 */
export class MerchantLimiter {
  private readonly buckets = new Map<string, Bucket>();
  private readonly reserved: ByPriority;
  private readonly sharedReserved: ByPriority;

  /** @param shared undefined if there is one instance only. */
  constructor(
    private readonly rate: Rate,
    private readonly shared?: OuterLimit,
  ) {
    this.reserved = reservedOf(rate);
    this.sharedReserved = sharedReservedOf(rate);
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
    const isFirst = this.ahead(bucket, priority) === 0;
    if (this.shared?.isAsked !== true && isFirst && this.mayStart(bucket, priority)) {
      this.shared?.countOwn('no_answer', 1);
      return this.start(bucket, priority);
    }
    const seconds = this.secondsToWait(bucket, priority);
    const longest = Math.min(LONGEST_WAIT_SECONDS[priority], longestSeconds);
    if (seconds > longest) throw ownLimitFailure(seconds);
    return new Promise<Release>((resolve, reject) => {
      const timer = setTimeout(
        () => {
          bucket.waiting[priority] = bucket.waiting[priority].filter((each) => each.timer !== timer);
          this.fill(bucket);
          if (priority !== 'payment' || !this.mayStart(bucket, priority)) {
            reject(ownLimitFailure(this.secondsToWait(bucket, priority)));
            return;
          }
          this.shared?.countOwn('longest_wait', 1);
          resolve(this.start(bucket, priority));
        },
        longest * 1000 + GRACE_MILLISECONDS,
      );
      bucket.waiting[priority].push({ resolve, timer });
      this.serve(bucket);
    });
  }

  private bucketOf(merchant: string): Bucket {
    const known = this.buckets.get(merchant);
    if (known !== undefined) return known;
    if (this.buckets.size >= MAXIMUM_BUCKETS) this.deleteFullBuckets();
    const bucket: Bucket = {
      caller: merchant,
      tokens: this.rate.burst,
      filledAt: performance.now(),
      shared: { tokens: this.rate.burst, at: performance.now() },
      waiting: { payment: [], shopper: [], background: [] },
      running: { payment: 0, shopper: 0, background: 0 },
      timer: undefined,
      isAsking: false,
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
    const missing = 1 + this.reserved[next] - bucket.tokens;
    const missingForAll = this.shared?.isAsked === true ? this.missingForAll(bucket, next) : 0;
    clearTimeout(bucket.timer);
    bucket.timer = setTimeout(
      () => {
        this.serve(bucket);
      },
      Math.ceil((Math.max(0, missing, missingForAll) / this.rate.perSecond) * 1000),
    );
  }

  /** Returns the tokens that the bucket of all instances still has to earn, if no other instance takes any. */
  private missingForAll({ shared }: Bucket, priority: Priority): number {
    const earned = ((performance.now() - shared.at) / 1000) * this.rate.perSecond;
    return 1 + this.sharedReserved[priority] - shared.tokens - earned;
  }

  /** Returns the number of waiting calls of each priority that the bucket of this instance lets start. */
  private startable(bucket: Bucket): ByPriority {
    this.fill(bucket);
    const counts = { payment: 0, shopper: 0, background: 0 };
    let { tokens } = bucket;
    for (const each of PRIORITIES) {
      const free = Math.floor(tokens - this.reserved[each]);
      const mayRun = RUNNING_CALLS[each] - bucket.running[each];
      counts[each] = Math.max(0, Math.min(bucket.waiting[each].length, mayRun, free));
      tokens -= counts[each];
    }
    return counts;
  }

  private serve(bucket: Bucket): void {
    if (bucket.isAsking) return;
    const startable = this.startable(bucket);
    if (this.shared?.isAsked === true && sumOf(startable) > 0) {
      void this.serveByShared(bucket, this.shared);
      return;
    }
    const started = this.startWaiting(bucket, startable);
    this.shared?.countOwn('no_answer', started);
    this.schedule(bucket);
  }

  /** Asks Redis for tokens until it grants no more; starts the calls itself if Redis does not answer. */
  private async serveByShared(bucket: Bucket, shared: OuterLimit): Promise<void> {
    bucket.isAsking = true;
    for (;;) {
      const wanted = this.startable(bucket);
      if (!shared.isAsked || sumOf(wanted) === 0) break;
      const answer = await shared.take(bucket.caller, wanted);
      if (answer === undefined) break;
      bucket.shared = { tokens: answer.left, at: performance.now() };
      if (this.startWaiting(bucket, answer.granted) === 0) break;
    }
    bucket.isAsking = false;
    // Without an answer Redis is not asked now: the next turn starts calls by the bucket of this instance.
    if (shared.isAsked) this.schedule(bucket);
    else this.serve(bucket);
  }

  /** Starts a number of waiting calls of each priority. @returns how many: the wait of others may have ended meanwhile. */
  private startWaiting(bucket: Bucket, counts: ByPriority): number {
    let started = 0;
    for (const priority of PRIORITIES) {
      for (const next of bucket.waiting[priority].splice(0, counts[priority])) {
        clearTimeout(next.timer);
        next.resolve(this.start(bucket, priority));
        started += 1;
      }
    }
    return started;
  }

  private deleteFullBuckets(): void {
    for (const [merchant, bucket] of this.buckets) {
      this.fill(bucket);
      const isRunning = PRIORITIES.some((each) => bucket.running[each] > 0);
      if (
        bucket.tokens >= this.rate.burst &&
        !isRunning &&
        this.ahead(bucket, 'background') === 0 &&
        !bucket.isAsking
      )
        this.buckets.delete(merchant);
    }
  }
}

const sumOf = ({ payment, shopper, background }: ByPriority): number => payment + shopper + background;

/** The failure of a call that was not sent, so it has no status. `Retry-After` takes whole seconds, at least 1. */
export function ownLimitFailure(seconds: number): AppmaxFailure {
  return new AppmaxFailure('rate_limited', 'own limit', {
    retryAfterSeconds: Math.max(1, Math.ceil(seconds)),
  });
}
