import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { normalizeIp } from '@nestjs/throttler';
import { cacheKeys } from '../../cache/cache-keys';
import { RequestCounts } from '../../cache/request-counts';
import { KeyedDigest } from '../../common/secrets/keyed-digest';
import type { Config } from '../../config/config';
import { CONFIG } from '../../config/config.module';
import {
  DECLINE_MILLISECONDS,
  DECLINE_RULES,
  verdictOn,
  type DeclineSubject,
  type DeclineVerdict,
} from './decline-rule';
import { isDecline, tooManyDeclines } from './payment-errors';
import { PaymentMetrics } from './payment-metrics';

/** Whose card payment it is: the caller's address, and Appmax's id of the order where it is known already. */
export interface CardPayer {
  readonly address: string;
  readonly orderId?: number | undefined;
}

interface Counted {
  readonly subject: DeclineSubject;
  readonly key: string;
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

  /** Waits as long as the payer has to. @throws ApiError 429 */
  async admit(payer: CardPayer): Promise<void> {
    if (!this.config.rateLimit) return;
    const found = await Promise.all(this.countedFor(payer).map((counted) => this.verdict(counted)));
    const waits = found.filter(({ verdict }) => verdict.kind === 'refuse').map(({ wait }) => wait);
    if (waits.length > 0) {
      this.metrics.cardsHeldBack.inc({ how: 'refused' });
      // Neither the address nor the card is for the log.
      this.logger.warn({ orderId: payer.orderId }, 'A card was not tried: too many were declined');
      throw tooManyDeclines(Math.max(1, Math.ceil(Math.max(...waits) / 1000)));
    }
    const seconds = Math.max(...found.map(({ verdict }) => (verdict.kind === 'slow' ? verdict.seconds : 0)));
    if (seconds === 0) return;
    this.metrics.cardsHeldBack.inc({ how: 'slowed' });
    await sleep(seconds * 1000);
  }

  /** Makes a payment, and counts it where the card is declined. */
  async during<Value>(payer: CardPayer, pay: () => Promise<Value>): Promise<Value> {
    try {
      return await pay();
    } catch (error) {
      if (this.config.rateLimit && isDecline(error))
        await Promise.all(this.countedFor(payer).map((counted) => this.count(counted)));
      throw error;
    }
  }

  private async count({ subject, key }: Counted): Promise<void> {
    this.metrics.declinesCounted.inc({ by: subject });
    await this.counts.count(limitOf(subject, key));
  }

  private async verdict({ subject, key }: Counted): Promise<{ verdict: DeclineVerdict; wait: number }> {
    const { hits, waitMilliseconds } = await this.counts.look(limitOf(subject, key));
    return { verdict: verdictOn(hits - 1, DECLINE_RULES[subject]), wait: waitMilliseconds };
  }

  /** Under digests: neither Redis nor whoever reads it needs to know where shoppers are. */
  private countedFor({ address, orderId }: CardPayer): Counted[] {
    const counted: Counted[] = [{ subject: 'address', key: this.keyOf('address', normalizeIp(address)) }];
    if (orderId !== undefined) counted.push({ subject: 'order', key: this.keyOf('order', String(orderId)) });
    return counted;
  }

  private keyOf(subject: DeclineSubject, who: string): string {
    return cacheKeys.requestLimit(`declines_${subject}`, this.digest.of([subject, who])[0]);
  }
}

function limitOf(subject: DeclineSubject, key: string): { key: string; limit: number; milliseconds: number } {
  return { key, limit: DECLINE_RULES[subject].refusedFrom, milliseconds: DECLINE_MILLISECONDS };
}
