import { LRUCache } from 'lru-cache';
import type { FailureKind } from '../failures/appmax-failure';

/** The number of shops whose latest failure is remembered. */
const MAXIMUM_SHOPS = 2_000;

/** The number of shops that must fail before a missing answer counts for the host. */
const FAILING_SHOPS = 2;

/**
 * Tells a slow shop from a dead host. No connection is a failure of the host. A missing answer or a 5xx counts for the
 * host only if at least two shops had one, and no shop other than the failing one was answered, within the last seconds.
 */
export class HostEvidence {
  private readonly failures: LRUCache<string, true>;
  private readonly answers: LRUCache<string, true>;

  /** @param seconds how long an outcome counts. */
  constructor(seconds: number) {
    const options = { max: MAXIMUM_SHOPS, ttl: seconds * 1000 };
    this.failures = new LRUCache(options);
    this.answers = new LRUCache(options);
  }

  /** Records that a shop was answered, if only by a refusal. */
  answered(shop: string | undefined): void {
    if (shop === undefined) return;
    this.answers.set(shop, true);
    this.failures.delete(shop);
  }

  /** Records a failed call. @returns true if it counts for the host; always for a call that belongs to no shop. */
  failed(shop: string | undefined, kind: FailureKind): boolean {
    if (shop === undefined || kind === 'unavailable') return true;
    this.failures.set(shop, true);
    this.answers.delete(shop);
    this.failures.purgeStale();
    this.answers.purgeStale();
    return this.failures.size >= FAILING_SHOPS && this.answers.size === 0;
  }
}
