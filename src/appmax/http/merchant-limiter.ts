import { AppmaxFailure } from '../failures/appmax-failure';

/** A shopper waits for the answer, or nobody does. */
export type Priority = 'shopper' | 'background';

/**
 * How long a call waits for its turn at most, in seconds. A shopper who has waited for 10 s is better told to come back.
 * Background work has nobody who waits, but it keeps a lease and a place in a pool meanwhile.
 */
export const LONGEST_WAIT_SECONDS: Readonly<Record<Priority, number>> = { shopper: 10, background: 30 };

interface Waiting {
  /** When it has waited for too long, by the monotonic clock, in milliseconds. */
  readonly endsAt: number;
  readonly go: () => void;
  readonly refuse: (failure: AppmaxFailure) => void;
}

interface Bucket {
  tokens: number;
  filledAt: number;
  readonly waiting: Record<Priority, Waiting[]>;
  timer: NodeJS.Timeout | undefined;
}

/** How fast calls may leave, per merchant. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Buckets of merchants that have been quiet for as long as it takes to fill them say nothing, and are let go. */
const MAXIMUM_BUCKETS = 10_000;

/**
 * Lets no more calls leave for one merchant than Appmax takes: a burst, then so many a second. Calls beyond that wait
 * in line, those that a shopper waits for first.
 */
export class MerchantLimiter {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly rate: Rate) {}

  /**
   * Waits for a merchant's turn, for {@link LONGEST_WAIT_SECONDS} at most.
   *
   * @param longestSeconds a shorter limit: what the call has left of its own time.
   * @throws AppmaxFailure `rate_limited` without a status when the turn does not come in time: at once if that is known.
   */
  async acquire(merchant: string, priority: Priority, longestSeconds = Infinity): Promise<void> {
    const bucket = this.bucketOf(merchant);
    this.fill(bucket);
    if (bucket.tokens >= 1 && !this.isWaited(bucket)) {
      bucket.tokens -= 1;
      return;
    }
    const seconds = this.secondsUntilTurn(bucket, priority);
    const longest = Math.min(LONGEST_WAIT_SECONDS[priority], longestSeconds);
    if (seconds > longest) throw ownLimit(seconds);
    await new Promise<void>((go, refuse) => {
      bucket.waiting[priority].push({ endsAt: performance.now() + longest * 1000, go, refuse });
      this.schedule(bucket);
    });
  }

  private bucketOf(merchant: string): Bucket {
    const known = this.buckets.get(merchant);
    if (known !== undefined) return known;
    if (this.buckets.size >= MAXIMUM_BUCKETS) this.forgetFullBuckets();
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

  private isWaited({ waiting }: Bucket): boolean {
    return waiting.shopper.length + waiting.background.length > 0;
  }

  private secondsUntilTurn({ tokens, waiting }: Bucket, priority: Priority): number {
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
      next.go();
    }
    this.refuseOvertaken(bucket);
    if (this.isWaited(bucket)) this.schedule(bucket);
  }

  /** Background calls are overtaken by shoppers, so they may wait longer than it seemed when they came. */
  private refuseOvertaken(bucket: Bucket): void {
    const now = performance.now();
    const overtaken = bucket.waiting.background.filter(({ endsAt }) => endsAt < now);
    bucket.waiting.background = bucket.waiting.background.filter(({ endsAt }) => endsAt >= now);
    for (const { refuse } of overtaken) refuse(ownLimit(this.secondsUntilTurn(bucket, 'background')));
  }

  private forgetFullBuckets(): void {
    for (const [merchant, bucket] of this.buckets) {
      this.fill(bucket);
      if (bucket.tokens >= this.rate.burst && !this.isWaited(bucket)) this.buckets.delete(merchant);
    }
  }
}

/** Without a status, for Appmax has not been asked. At least a second, as headers say it. */
function ownLimit(seconds: number): AppmaxFailure {
  return new AppmaxFailure('rate_limited', 'own limit', {
    retryAfterSeconds: Math.max(1, Math.ceil(seconds)),
  });
}
