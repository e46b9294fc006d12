import { normalizeIp } from '@nestjs/throttler';
import { tooManyRequests } from '../../common/errors/too-many-requests';
import { ApiError } from '../../common/errors/api-error';

/** How many streams an instance serves. */
const MOST = 10_000;
/** How many of them one address may have: shoppers share addresses, at work or with a carrier. */
const MOST_OF_ADDRESS = 200;
const RETRY_SECONDS = 30;

/** 503: the instance serves as many streams as it can. */
export function tooManyStreams(): ApiError {
  return new ApiError(503, 'too many streams: try again later', { headers: { 'Retry-After': '5' } });
}

/** How many streams are open on this instance, and whose. */
export class StreamPlaces {
  private readonly byAddress = new Map<string, number>();
  private taken = 0;

  /** @param limited whether one address may have only a part. */
  constructor(private readonly limited: boolean) {}

  /** How many streams are open. */
  get open(): number {
    return this.taken;
  }

  /**
   * Takes a place.
   *
   * @returns gives it back; once is enough, more do no harm.
   * @throws ApiError 503 when there is none, 429 when the address has its share.
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
