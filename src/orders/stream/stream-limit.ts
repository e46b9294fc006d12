import { normalizeIp } from '@nestjs/throttler';
import { tooManyRequests } from '../../common/errors/too-many-requests';
import { tooManyStreams } from '../errors';

/** The maximum number of streams of an instance. */
const MAXIMUM = 10_000;
/** The maximum number of streams of one address. Shoppers share addresses, at work or with a mobile carrier. */
const MAXIMUM_PER_ADDRESS = 200;
const RETRY_AFTER_SECONDS = 30;

/** Counts the open streams of this instance, in total and by address, and refuses those above the limits. */
export class StreamLimit {
  private readonly byAddress = new Map<string, number>();
  private taken = 0;

  /** @param limited true if the limit per address applies. */
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
    const ip = normalizeIp(address);
    const ofAddress = this.byAddress.get(ip) ?? 0;
    if (this.taken >= MAXIMUM) throw tooManyStreams();
    if (this.limited && ofAddress >= MAXIMUM_PER_ADDRESS) throw tooManyRequests(RETRY_AFTER_SECONDS);
    this.taken += 1;
    this.byAddress.set(ip, ofAddress + 1);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.release(ip);
    };
  }

  private release(ip: string): void {
    this.taken -= 1;
    const left = (this.byAddress.get(ip) ?? 1) - 1;
    if (left === 0) this.byAddress.delete(ip);
    else this.byAddress.set(ip, left);
  }
}
