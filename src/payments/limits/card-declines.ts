import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { REFUSED_STATUSES } from '../../appmax';
import { cacheKeys, type RequestCount, RequestCounts, type RequestLimit } from '../../cache';
import { limitedCallers } from '../../common/http/client-address';
import { KeyedDigest } from '../../common/secrets/keyed-digest';
import { CONFIG, type Config } from '../../config';
import { isDecline, tooManyDeclines } from '../errors';
import { PaymentMetrics } from '../payment-metrics';
import { DECLINE_MILLISECONDS, DECLINE_RULES, type DeclineSubject, judgeDeclines } from './decline-rule';
import { type LimitedOrder, limitedOrder } from './order-payment-limit';

/** The payer of a card payment: the caller's IP address and, if it is known, the order. */
export interface CardPayer {
  readonly address: string;
  readonly order?: LimitedOrder | undefined;
}

/** One of the limits that a card payment counts towards. */
interface DeclineLimit {
  readonly subject: DeclineSubject;
  readonly limit: RequestLimit;
}

/** Sends a card if the limits allow it. */
export type Guard = <Answer>(send: () => Promise<Answer>) => Promise<Answer>;

/** A limit with the count of the payment. */
interface CheckedLimit extends DeclineLimit {
  readonly count: RequestCount;
}

/**
 * Protects against card testing (carding): after several declined cards from one IP address, or for one order, further
 * cards are delayed and then refused. All instances share the counts. Pix and boleto are not affected.
 */
@Injectable()
export class CardDeclines {
  private readonly logger = new Logger('CardDeclines');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly counts: RequestCounts,
    private readonly digest: KeyedDigest,
    private readonly metrics: PaymentMetrics,
  ) {}

  /** Refuses a payment above the limit before any call to Appmax or write to the database. @throws ApiError 429 */
  async refuseEarly(payer: CardPayer): Promise<void> {
    if (this.config.rateLimit) this.refuse(payer, await this.check(payer, 'peek'));
  }

  /**
   * Makes a payment whose card is sent through a guard, which delays or refuses it. The card counts as declined while
   * it is being sent; this is undone if it is not declined. So simultaneous cards do not get more attempts than
   * sequential ones.
   *
   * @throws ApiError 429; the payment's own errors.
   */
  async guardPayment<Result extends { readonly status: string }>(
    payer: CardPayer,
    pay: (guard: Guard) => Promise<Result>,
  ): Promise<Result> {
    if (!this.config.rateLimit) return pay((send) => send());
    const checked: CheckedLimit[] = [];
    let declined = false;
    try {
      const result = await pay(async (send) => {
        checked.push(...(await this.check(payer, 'count')));
        this.refuse(payer, checked);
        await this.slowDown(checked);
        return send();
      });
      declined = REFUSED_STATUSES.has(result.status);
      return result;
    } catch (error) {
      declined = isDecline(error);
      throw error;
    } finally {
      if (declined) for (const { subject } of checked) this.metrics.declinesCounted.inc({ by: subject });
      else this.takeBack(checked);
    }
  }

  private async check(payer: CardPayer, purpose: 'peek' | 'count'): Promise<CheckedLimit[]> {
    return Promise.all(
      this.limitsOf(payer).map(async (declineLimit) => ({
        ...declineLimit,
        count: await this.counts[purpose](declineLimit.limit),
      })),
    );
  }

  private refuse({ order }: CardPayer, checked: readonly CheckedLimit[]): void {
    const wait = Math.max(...checked.map(({ count }) => count.waitMilliseconds));
    if (wait <= 0) return;
    this.metrics.cardsHeldBack.inc({ how: 'refused' });
    // The log must not contain the IP address or the card.
    this.logger.warn({ orderId: order?.orderId }, 'A card was refused after too many declined cards');
    throw tooManyDeclines(Math.ceil(wait / 1000));
  }

  private async slowDown(checked: readonly CheckedLimit[]): Promise<void> {
    const verdicts = checked.map(({ subject, count }) =>
      judgeDeclines(count.hits - 1, DECLINE_RULES[subject]),
    );
    const seconds = Math.max(...verdicts.map((verdict) => (verdict.kind === 'slow' ? verdict.seconds : 0)));
    if (seconds === 0) return;
    this.metrics.cardsHeldBack.inc({ how: 'slowed' });
    await sleep(seconds * 1000);
  }

  /** Takes the counts back while the client already gets its answer: a failure is a count that expires. */
  private takeBack(checked: readonly CheckedLimit[]): void {
    for (const { limit, count } of checked) void this.counts.takeBack(limit, count.requestId);
  }

  /** The limits of a payer. Their keys are digests, so that Redis stores no IP addresses. */
  private limitsOf({ address, order }: CardPayer): DeclineLimit[] {
    const limits = limitedCallers(address).map(({ kind, subject }) => this.limitOf(kind, subject));
    return order === undefined ? limits : [...limits, this.limitOf('order', limitedOrder(order))];
  }

  private limitOf(subject: DeclineSubject, value: string): DeclineLimit {
    const key = cacheKeys.requestLimit(`declines_${subject}`, this.digest.of([subject, value])[0]);
    const { refusedFrom: limit } = DECLINE_RULES[subject];
    return { subject, limit: { key, limit, milliseconds: DECLINE_MILLISECONDS } };
  }
}
