import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { normalizeIp } from '@nestjs/throttler';
import { REFUSED_STATUSES } from '../appmax';
import { cacheKeys, type RequestCount, RequestCounts, type RequestLimit } from '../cache';
import { KeyedDigest } from '../common/secrets/keyed-digest';
import { type Config, CONFIG } from '../config';
import { DECLINE_MILLISECONDS, DECLINE_RULES, verdictOn, type DeclineSubject } from './decline-rule';
import { isDecline, tooManyDeclines } from './errors';
import { PaymentMetrics } from './payment-metrics';

/** Whose card payment it is: the caller's address, and Appmax's id of the order where it is known already. */
export interface CardPayer {
  readonly address: string;
  readonly orderId?: number | undefined;
}

/** One of the two counts that a card payment has a place in. */
interface Counted {
  readonly subject: DeclineSubject;
  readonly limit: RequestLimit;
}

/** Sends a card when its payer may. */
type Guard = <Answer>(send: () => Promise<Answer>) => Promise<Answer>;

/** A count with what the payment met there. */
interface Met extends Counted {
  readonly count: RequestCount;
}

/**
 * Keeps thieves from finding out which of many stolen cards are good: what is declined again and again, from one address
 * or for one order, is slowed and then refused for a while. Counted by all instances together; Pix and boleto go on.
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

  /** Spares Appmax and our database what a payment leads to that would be refused anyway. @throws ApiError 429 */
  async refuseEarly(payer: CardPayer): Promise<void> {
    if (this.config.rateLimit) this.refuse(payer, await this.meet(payer, 'look'));
  }

  /**
   * Makes a payment whose card is sent through a guard: after as long as the payer has to wait, or not at all. The card
   * counts as declined from then until the payment ends otherwise, so that cards that are tried at once are not more
   * than those that are tried one after the other.
   *
   * @throws ApiError 429, and whatever the payment leads to.
   */
  async during<Result extends { readonly status: string }>(
    payer: CardPayer,
    pay: (guard: Guard) => Promise<Result>,
  ): Promise<Result> {
    if (!this.config.rateLimit) return pay((send) => send());
    const met: Met[] = [];
    let declined = false;
    try {
      const result = await pay(async (send) => {
        met.push(...(await this.meet(payer, 'count')));
        this.refuse(payer, met);
        await this.slowDown(met);
        return send();
      });
      declined = REFUSED_STATUSES.has(result.status);
      return result;
    } catch (error) {
      declined = isDecline(error);
      throw error;
    } finally {
      if (declined) for (const { subject } of met) this.metrics.declinesCounted.inc({ by: subject });
      else await this.takeBack(met);
    }
  }

  private async meet(payer: CardPayer, purpose: 'look' | 'count'): Promise<Met[]> {
    return Promise.all(
      this.countedFor(payer).map(async (counted) => ({
        ...counted,
        count: await this.counts[purpose](counted.limit),
      })),
    );
  }

  private refuse({ orderId }: CardPayer, met: readonly Met[]): void {
    const wait = Math.max(...met.map(({ count }) => count.waitMilliseconds));
    if (wait <= 0) return;
    this.metrics.cardsHeldBack.inc({ how: 'refused' });
    // Neither the address nor the card is for the log.
    this.logger.warn({ orderId }, 'A card was not tried: too many were declined');
    throw tooManyDeclines(Math.ceil(wait / 1000));
  }

  private async slowDown(met: readonly Met[]): Promise<void> {
    const verdicts = met.map(({ subject, count }) => verdictOn(count.hits - 1, DECLINE_RULES[subject]));
    const seconds = Math.max(...verdicts.map((verdict) => (verdict.kind === 'slow' ? verdict.seconds : 0)));
    if (seconds === 0) return;
    this.metrics.cardsHeldBack.inc({ how: 'slowed' });
    await sleep(seconds * 1000);
  }

  private async takeBack(met: readonly Met[]): Promise<void> {
    await Promise.all(met.map(({ limit, count: { place } }) => this.counts.takeBack(limit, place)));
  }

  /** Under digests: neither Redis nor whoever reads it needs to know where shoppers are. */
  private countedFor({ address, orderId }: CardPayer): Counted[] {
    const counted = [this.counted('address', normalizeIp(address))];
    return orderId === undefined ? counted : [...counted, this.counted('order', String(orderId))];
  }

  private counted(subject: DeclineSubject, who: string): Counted {
    const key = cacheKeys.requestLimit(`declines_${subject}`, this.digest.of([subject, who])[0]);
    const { refusedFrom: limit } = DECLINE_RULES[subject];
    return { subject, limit: { key, limit, milliseconds: DECLINE_MILLISECONDS } };
  }
}
