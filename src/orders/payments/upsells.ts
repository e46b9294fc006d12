import { Injectable, Logger } from '@nestjs/common';
import { AppmaxClient } from '../../appmax/appmax.client';
import { AppmaxFailure } from '../../appmax/appmax-failure';
import { failureToApiError } from '../../appmax/failure-to-api-error';
import { ApiError } from '../../common/errors/api-error';
import { KeyedDigest } from '../../common/secrets/keyed-digest';
import { IdempotencyKeys, nameOf } from '../../idempotency/idempotency-keys';
import { InstallationsService, type Merchant } from '../../installations/installations.service';
import type { UpsellAnswer } from '../answers';
import type { UpsellDto } from '../dto/after-sale.dto';
import { KnownOrders } from '../known-orders';

/** What a repeat of an upsell is told whose outcome nobody knows: it may have been charged, and is not sent again. */
const OUTCOME_UNKNOWN = { message: 'payment outcome unknown' };

/**
 * Sells more on the card of the order that an upsell_hash came with. Appmax makes a new order for it, which can't be
 * asked for before we know it, so it is the hash that lets an upsell be sent once: whoever repeats it, with or without
 * an Idempotency-Key, gets the first answer again.
 */
@Injectable()
export class Upsells {
  private readonly logger = new Logger('Orders');

  constructor(
    private readonly appmax: AppmaxClient,
    private readonly installations: InstallationsService,
    private readonly knownOrders: KnownOrders,
    private readonly keys: IdempotencyKeys,
    private readonly digest: KeyedDigest,
  ) {}

  /** @throws ApiError 409 while it is under way, 422 for another upsell by a hash that was used, 502 `payment outcome unknown`. */
  async sell(key: string, upsell: UpsellDto): Promise<UpsellAnswer> {
    const merchant = await this.installations.get(key);
    const use = {
      tenant: key,
      // No client's key has a space in it.
      key: `upsell ${nameOf(upsell.upsell_hash)}`,
      digests: this.digest.of(upsell),
    };
    const claim = await this.keys.claim(use);
    switch (claim.outcome) {
      case 'running':
        throw new ApiError(409, 'this upsell is in progress');
      case 'other request':
        throw new ApiError(422, 'this upsell_hash was used for another upsell');
      case 'answered':
        return answerAgain(claim.answer);
      case 'mine':
        return this.keys.heartbeat.during(claim.id, () => this.send(claim.id, merchant, upsell));
    }
  }

  private async send(claimId: number, merchant: Merchant, upsell: UpsellDto): Promise<UpsellAnswer> {
    try {
      const {
        message = 'upsell accepted',
        redirectUrl,
        orderId,
      } = await this.appmax.upsell(merchant.credentials, upsell);
      const answer = { message, ...(redirectUrl === undefined ? {} : { redirect_url: redirectUrl }) };
      await this.keys.finish(claimId, { status: 200, body: JSON.stringify(answer) });
      if (orderId !== undefined) await this.saveOrder(merchant, orderId);
      return answer;
    } catch (error) {
      if (!(error instanceof AppmaxFailure)) throw error;
      if (error.kind === 'unknown') {
        await this.keys.finish(claimId, { status: 502, body: JSON.stringify(OUTCOME_UNKNOWN) });
        throw new ApiError(502, OUTCOME_UNKNOWN.message, { cause: error });
      }
      await this.keys.forget(claimId);
      throw failureToApiError(error, 'upsell failed');
    }
  }

  /** The sale is made whether or not we can look at its order now: a webhook is another chance to save it. */
  private async saveOrder(merchant: Merchant, orderId: number): Promise<void> {
    try {
      await this.knownOrders.get(merchant, orderId);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.logger.warn({ orderId, reason: error.message }, 'The order of an upsell could not be saved yet');
    }
  }
}

/** @throws ApiError what the first request was told, if that was no success. */
function answerAgain({ status, body }: { status: number; body: string }): UpsellAnswer {
  const answer = JSON.parse(body) as UpsellAnswer;
  if (status === 200) return answer;
  throw new ApiError(status, answer.message);
}
