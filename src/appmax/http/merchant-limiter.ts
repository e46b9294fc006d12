import { AppmaxFailure } from '../appmax-failure';

/** A shopper waits for the answer, or nobody does. */
export type Priority = 'shopper' | 'background';

interface Waiting {
  readonly priority: Priority;
  readonly go: () => void;
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
   * Waits for a merchant's turn.
   *
   * @param deadline in milliseconds of the clock; a turn that can't come by then isn't waited for.
   * @throws AppmaxFailure `rate_limited` when the line is too long.
   */
  async acquire(merchant: string, priority: Priority, deadline: number): Promise<void> {
    const bucket = this.bucketOf(merchant);
    this.fill(bucket);
    if (bucket.tokens >= 1 && !this.isWaited(bucket)) {
      bucket.tokens -= 1;
      return;
    }
    const seconds = this.secondsUntilTurn(bucket, priority);
    if (Date.now() + seconds * 1000 > deadline) {
      throw new AppmaxFailure('rate_limited', 'own limit', { retryAfterSeconds: Math.ceil(seconds) });
    }
    await new Promise<void>((go) => {
      bucket.waiting[priority].push({ priority, go });
      this.schedule(bucket);
    });
  }

  private bucketOf(merchant: string): Bucket {
    const known = this.buckets.get(merchant);
    if (known !== undefined) return known;
    if (this.buckets.size >= MAXIMUM_BUCKETS) this.forgetFullBuckets();
    const bucket: Bucket = {
      tokens: this.rate.burst,
      filledAt: Date.now(),
      waiting: { shopper: [], background: [] },
      timer: undefined,
    };
    this.buckets.set(merchant, bucket);
    return bucket;
  }

  private fill(bucket: Bucket): void {
    const now = Date.now();
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
    if (this.isWaited(bucket)) this.schedule(bucket);
  }

  private forgetFullBuckets(): void {
    for (const [merchant, bucket] of this.buckets) {
      this.fill(bucket);
      if (bucket.tokens >= this.rate.burst && !this.isWaited(bucket)) this.buckets.delete(merchant);
    }
  }
}
