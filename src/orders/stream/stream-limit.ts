import { tooManyRequests } from '../../common/errors/too-many-requests';
import { ApiError } from '../../common/errors/api-error';
import { limitedCallers } from '../../common/http/client-address';

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
  /** The open streams of each address, IPv6 /64 network and IPv6 /48 network. */
  private readonly byCaller = new Map<string, number>();
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
    const callers = limitedCallers(address);
    if (this.taken >= MOST) throw tooManyStreams();
    const isAbove = callers.some(({ subject, share }) => this.openOf(subject) >= MOST_OF_ADDRESS * share);
    if (this.limited && isAbove) throw tooManyRequests(RETRY_SECONDS);
    this.taken += 1;
    for (const { subject } of callers) this.byCaller.set(subject, this.openOf(subject) + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.taken -= 1;
      for (const { subject } of callers) this.giveBack(subject);
    };
  }

  private openOf(subject: string): number {
    return this.byCaller.get(subject) ?? 0;
  }

  private giveBack(subject: string): void {
    const left = this.openOf(subject) - 1;
    if (left <= 0) this.byCaller.delete(subject);
    else this.byCaller.set(subject, left);
  }
}
