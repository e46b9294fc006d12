import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { cacheKeys, TokenBuckets } from '../../cache';
import { CONFIG, type Config } from '../../config';
import { type ByPriority, PRIORITIES, type Rate, sharedReservedOf } from './priority';

/** The calls that may start, and the tokens that are left in the bucket of all instances. */
export interface SharedTokens {
  readonly granted: ByPriority;
  readonly left: number;
}

/** Why a call starts by the bucket of its instance alone: Redis gave no answer, or a payment has waited long enough. */
export type OwnReason = 'no_answer' | 'longest_wait';

/** After Redis has not answered, the time for which this instance does not ask it again. */
const PAUSE_MILLISECONDS = 1_000;

/**
 * The limit of a merchant's calls for all instances together: one bucket in Redis. It can only delay a call. Without an
 * answer of Redis, each instance goes by its own bucket for a second, as if it were the only one.
 */
@Injectable()
export class SharedLimit {
  private readonly logger = new Logger('AppmaxLimiter');
  private readonly ownCalls: Counter<'reason'>;
  private readonly rate: Rate;
  private readonly reserved: ByPriority;
  private readonly api: string;
  private failures = 0;
  private askAgainAt = -Infinity;

  constructor(
    @Inject(CONFIG) { appmax }: Config,
    private readonly buckets: TokenBuckets,
    registry: Registry,
  ) {
    this.rate = appmax.rate;
    this.reserved = sharedReservedOf(appmax.rate);
    this.api = appmax.apiUrl;
    this.ownCalls = new Counter({
      name: 'appmax_calls_past_shared_limit_total',
      help: 'Calls to Appmax that started without a token of the limit that all instances share',
      labelNames: ['reason'],
      registers: [registry],
    });
  }

  /** True if there is a bucket in Redis, and Redis has answered the last time. */
  get isAsked(): boolean {
    return this.buckets.areShared && performance.now() >= this.askAgainAt;
  }

  /** Notes calls that start by the bucket of this instance alone. */
  countOwn(reason: OwnReason, calls: number): void {
    if (this.buckets.areShared && calls > 0) this.ownCalls.inc({ reason }, calls);
  }

  /**
   * Takes tokens for the waiting calls of a merchant, payments first.
   *
   * @param caller the merchant's client id, or the app.
   * @returns undefined if Redis did not answer within 0.5 s, or refused.
   */
  async take(caller: string, wanted: ByPriority): Promise<SharedTokens | undefined> {
    const { rate } = this;
    const taken = await this.buckets.take(
      { key: cacheKeys.appmaxCalls(this.bucketName(caller)), ...rate },
      PRIORITIES.map((each) => ({ count: wanted[each], reserved: this.reserved[each] })),
    );
    this.report(taken !== undefined);
    if (taken === undefined) return undefined;
    const [payment = 0, shopper = 0, background = 0] = taken.granted;
    return { granted: { payment, shopper, background }, left: taken.left };
  }

  /**
   * Returns the bucket's name. Appmax's sandbox and production have separate limits. Instances with another rate have
   * another bucket: while a new rate is rolled out, one must not empty what the other counts on. No client id is written
   * to Redis.
   */
  private bucketName(caller: string): string {
    const { burst, perSecond } = this.rate;
    const name = [this.api, caller, burst, perSecond].join('\n');
    return createHash('sha256').update(name).digest('base64url');
  }

  /** Notes if Redis has answered. A second failure in a row is logged: at start the connection may not be open yet. */
  private report(answered: boolean): void {
    if (answered) {
      if (this.failures > 1) this.logger.log('Calls to Appmax are limited for all instances together again');
      this.failures = 0;
      return;
    }
    this.failures += 1;
    this.askAgainAt = performance.now() + PAUSE_MILLISECONDS;
    if (this.failures === 2)
      this.logger.warn('Redis does not count the calls to Appmax: this instance limits its own calls only');
  }
}
