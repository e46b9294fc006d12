import { tooManyRequests } from '../../common/errors/refusals';
import { limitedCallers } from '../../common/http/client-address';
import { tooManyStreams } from '../errors';

/** The maximum number of streams of an instance. */
const MAXIMUM = 10_000;
/** The maximum number of streams of one address. Shoppers share addresses, at work or with a mobile carrier. */
const MAXIMUM_PER_ADDRESS = 200;
const RETRY_AFTER_SECONDS = 30;

/** Counts the open streams of this instance, in total and by address, and refuses those above the limits. */
export class StreamLimit {
  /** The open streams of each address, IPv6 /64 network and IPv6 /48 network. */
  private readonly byCaller = new Map<string, number>();
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
    const callers = limitedCallers(address);
    if (this.taken >= MAXIMUM) throw tooManyStreams();
    const isAbove = callers.some(({ subject, share }) => this.openOf(subject) >= MAXIMUM_PER_ADDRESS * share);
    if (this.limited && isAbove) throw tooManyRequests(RETRY_AFTER_SECONDS);
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
