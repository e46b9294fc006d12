import { Inject, Injectable } from '@nestjs/common';
import { AppmaxClient, type Credentials, orApiError } from '../../appmax';
import { cacheKeys, RequestCounts } from '../../cache';
import { ConcurrencyLimit, orWhenFull } from '../../common/concurrency-limit';
import { tooManyRequests } from '../../common/errors/refusals';
import { CONFIG, type Config } from '../../config';

/**
 * The rate limit of proofs, on all instances together. Appmax issues 60 tokens a minute to one source, and merchants'
 * payments need the rest.
 */
const PROOFS = {
  key: cacheKeys.requestLimit('proofs', 'anyone'),
  limit: 30,
  milliseconds: 60_000,
};
const AT_ONCE = 4;
const WAITING = 100;
/** `Retry-After` if the queue is full: proofs are short. */
const RETRY_SECONDS = 5;

/** Checks with Appmax that credentials from an anonymous caller are valid. */
@Injectable()
export class CredentialProof {
  private readonly limit = new ConcurrencyLimit({ atOnce: AT_ONCE, waiting: WAITING });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly appmax: AppmaxClient,
    private readonly counts: RequestCounts,
  ) {}

  /**
   * Returns true if Appmax issues a token for the credentials.
   *
   * @throws ApiError 429 above the rate limit or with a full queue, 502 or 503 if Appmax does not answer.
   */
  async accepts(credentials: Credentials): Promise<boolean> {
    if (!this.config.rateLimit) return this.ask(credentials);
    const proof = this.limit.run(async () => {
      const { waitMilliseconds } = await this.counts.count(PROOFS);
      if (waitMilliseconds > 0) throw tooManyRequests(Math.ceil(waitMilliseconds / 1000));
      return this.ask(credentials);
    });
    return orWhenFull(proof, () => tooManyRequests(RETRY_SECONDS));
  }

  private ask(credentials: Credentials): Promise<boolean> {
    return orApiError(this.appmax.acceptsCredentials(credentials), 'failed to fetch merchant token');
  }
}
