import { Inject, Injectable } from '@nestjs/common';
import { AppmaxFailure } from '../../appmax';
import { cacheKeys, RequestCounts } from '../../cache';
import { tooManyRequests } from '../../common/errors/refusals';
import { KeyedDigest } from '../../common/secrets/keyed-digest';
import { CONFIG, type Config } from '../../config';
import { FenceError } from '../operations/operation-fence';

/** The payments of one order that are sent in a minute. */
const LIMIT = 30;
const MINUTE = 60_000;

/** The failures of calls that were not sent, or that were refused because of the number of calls. */
const NOT_SENT: ReadonlySet<string> = new Set(['rate_limited', 'revoked', 'suspended', 'unavailable']);

const wasNotSent = (error: unknown): boolean =>
  error instanceof FenceError || (error instanceof AppmaxFailure && NOT_SENT.has(error.kind));

/** The order of a payment, and the caller's proof. */
export interface LimitedOrder {
  /** The id at Appmax, or a text for a checkout session. */
  readonly orderId: number | string;
  /** True if the caller has proven to be the shopper. Other callers are counted apart. */
  readonly isShopper: boolean;
}

/** Returns the subject of an order's limit. Callers without proof share one, so they can't use up the shopper's. */
export const limitedOrder = ({ orderId, isShopper }: LimitedOrder): string =>
  isShopper ? String(orderId) : `${orderId} without proof`;

/**
 * Limits the payments of an order that are sent to Appmax, from all addresses and on all instances together. Requests
 * that are invalid, or that are answered without Appmax, don't count.
 */
@Injectable()
export class OrderPaymentLimit {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'rateLimit'>,
    private readonly counts: RequestCounts,
    private readonly digest: KeyedDigest,
  ) {}

  /** Sends a payment. It counts unless it fails before it is sent. @throws ApiError 429 above the limit. */
  async during<Answer>(order: LimitedOrder, send: () => Promise<Answer>): Promise<Answer> {
    if (!this.config.rateLimit) return send();
    const key = cacheKeys.requestLimit('order', this.digest.of(['order', limitedOrder(order)])[0]);
    const limit = { key, limit: LIMIT, milliseconds: MINUTE };
    const { waitMilliseconds, requestId } = await this.counts.count(limit);
    if (waitMilliseconds > 0) throw tooManyRequests(Math.ceil(waitMilliseconds / 1000));
    try {
      return await send();
    } catch (error) {
      if (wasNotSent(error)) await this.counts.takeBack(limit, requestId);
      throw error;
    }
  }
}
