import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { cacheKeys, type TokenBuckets } from '../../cache';

/**
 * The priority of a call. `payment`: a payment, and what is read for it. `shopper`: any other call that a shopper waits
 * for, such as installments, card tokens and new orders. `background`: no client waits for it.
 */
export type Priority = 'payment' | 'shopper' | 'background';

/** The priorities, the first one first. */
export const PRIORITIES = ['payment', 'shopper', 'background'] as const satisfies readonly Priority[];

/** The rate limit of one merchant. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** The tokens of one merchant as this instance last knew them; `isShared` if they are those of all instances together. */
export interface Level {
  tokens: number;
  filledAt: number;
  isShared: boolean;
}

/** The part of the burst that only payments may use. Other calls leave these tokens in the bucket. */
const PAYMENT_SHARE_OF_BURST = 0.2;

/** After Redis has not answered, the time for which this instance does not ask it again. */
const OWN_SHARE_MILLISECONDS = 1_000;

/** The buckets in Redis, as far as the limiter uses them. */
export type SharedBuckets = Pick<TokenBuckets, 'take'>;

/**
 * Gives out the tokens of merchants' rate limits: one token is one call. With Redis, all instances take them from one
 * bucket. Without an answer of Redis, each instance keeps to its own part: the rate divided by the number of instances
 * that it last knew.
 */
export class CallTokens {
  private readonly logger = new Logger('AppmaxLimiter');
  private instances = 1;
  private failures = 0;
  private ownUntil = 0;

  /** @param shared undefined if the cache is the memory of this process. */
  constructor(
    private readonly rate: Rate,
    private readonly shared?: SharedBuckets,
  ) {}

  /** Returns the level of a merchant who has made no calls yet. */
  newLevel(): Level {
    const isShared = this.shared !== undefined && this.failures === 0;
    const level = { tokens: 0, filledAt: performance.now(), isShared };
    return { ...level, tokens: this.rateOf(level).burst };
  }

  /** Adds the tokens that were earned since the last time. If other instances took some, that is not known here. */
  fill(level: Level): void {
    const now = performance.now();
    const { burst, perSecond } = this.rateOf(level);
    level.tokens = Math.min(burst, level.tokens + ((now - level.filledAt) / 1000) * perSecond);
    level.filledAt = now;
  }

  /** Returns the rate at which this instance may spend. */
  rateOf({ isShared }: Level): Rate {
    if (isShared || this.instances <= 1) return this.rate;
    const { burst, perSecond } = this.rate;
    return { burst: Math.max(1, burst / this.instances), perSecond: perSecond / this.instances };
  }

  /**
   * Returns the number of tokens that a call of this priority leaves in the bucket. Within an instance the queues order
   * the calls. In a shared bucket background calls leave one more token than those of shoppers: while a shopper waits on
   * any instance, the bucket never gets that full.
   */
  reserveOf(level: Level, priority: Priority): number {
    if (priority === 'payment') return 0;
    const { burst } = this.rateOf(level);
    const reserve = Math.floor(burst * PAYMENT_SHARE_OF_BURST);
    return priority === 'background' && level.isShared ? Math.min(reserve + 1, burst - 1) : reserve;
  }

  /**
   * Takes up to a number of tokens for each priority, payments first.
   *
   * @returns the number of tokens for each priority; at once if Redis is not asked.
   */
  take(
    merchant: string,
    level: Level,
    wanted: readonly number[],
  ): readonly number[] | Promise<readonly number[]> {
    const { shared } = this;
    return shared === undefined || performance.now() < this.ownUntil
      ? this.takeOwn(level, wanted)
      : this.takeShared({ merchant, level, shared }, wanted);
  }

  private async takeShared(
    { merchant, level, shared }: { merchant: string; level: Level; shared: SharedBuckets },
    wanted: readonly number[],
  ): Promise<readonly number[]> {
    // A bucket whose last tokens were this instance's own is asked for by the rules of shared ones.
    const asShared = { ...level, isShared: true };
    const taken = await shared.take(
      { key: cacheKeys.appmaxCalls(digestOf(merchant)), ...this.rate },
      PRIORITIES.map((priority, index) => ({
        count: wanted[index] ?? 0,
        reserve: this.reserveOf(asShared, priority),
      })),
    );
    this.report(taken !== undefined);
    if (taken === undefined) return this.takeOwn(level, wanted);
    this.instances = Math.max(1, taken.instances);
    Object.assign(level, { tokens: taken.left, filledAt: performance.now(), isShared: true });
    return taken.granted;
  }

  private takeOwn(level: Level, wanted: readonly number[]): readonly number[] {
    this.fill(level);
    if (this.shared !== undefined && level.isShared) {
      level.isShared = false;
      // What was left for all is divided.
      level.tokens /= this.instances;
    }
    return PRIORITIES.map((priority, index) => {
      const free = Math.floor(level.tokens - this.reserveOf(level, priority));
      const granted = Math.max(0, Math.min(wanted[index] ?? 0, free));
      level.tokens -= granted;
      return granted;
    });
  }

  /** Notes if Redis has answered. A second failure in a row is logged: at start the connection may not be open yet. */
  private report(answered: boolean): void {
    if (answered) {
      if (this.failures > 1) this.logger.log('Calls to Appmax are limited for all instances together again');
      this.failures = 0;
      return;
    }
    this.failures += 1;
    this.ownUntil = performance.now() + OWN_SHARE_MILLISECONDS;
    if (this.failures === 2)
      this.logger.warn(
        `Redis does not count the calls to Appmax: this instance keeps to its part of the limit, 1/${this.instances}`,
      );
  }
}

/** Client ids are not written to Redis. */
function digestOf(merchant: string): string {
  return createHash('sha256').update(merchant).digest('base64url');
}
