import { normalizeIp } from '@nestjs/throttler';
import { tooManyRequests } from '../../common/errors/too-many-requests';
import { ApiError } from '../../common/errors/api-error';

/** The streams that one instance serves. */
const MOST = 10_000;
/** The streams of one address: shoppers share addresses, at work or with a carrier. */
const MOST_OF_ADDRESS = 200;
const RETRY_SECONDS = 30;

/** 503: the instance serves as many streams as it can. */
export function tooManyStreams(): ApiError {
  return new ApiError(503, 'too many streams: try again later', { headers: { 'Retry-After': '5' } });
}

/** Counts the open streams of this instance, in all and by address, and refuses those above the limits. */
export class StreamLimit {
  private readonly byAddress = new Map<string, number>();
  private taken = 0;

  /** @param limited whether one address may have only a part. */
  constructor(private readonly limited: boolean) {}

  /** The number of open streams. */
  get open(): number {
    return this.taken;
  }

  /**
   * Counts one more stream.
   *
   * @returns a function that counts it as closed; calling it again has no effect.
   * @throws ApiError 503 at the instance's limit, 429 at the address's.
   */
  take(address: string): () => void {
    const who = normalizeIp(address);
    const its = this.byAddress.get(who) ?? 0;
    if (this.taken >= MOST) throw tooManyStreams();
    if (this.limited && its >= MOST_OF_ADDRESS) throw tooManyRequests(RETRY_SECONDS);
    this.taken += 1;
    this.byAddress.set(who, its + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.giveBack(who);
    };
  }

  private giveBack(who: string): void {
    this.taken -= 1;
    const left = (this.byAddress.get(who) ?? 1) - 1;
    if (left === 0) this.byAddress.delete(who);
    else this.byAddress.set(who, left);
  }
}
