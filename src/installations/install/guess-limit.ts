import { Inject, Injectable, Logger } from '@nestjs/common';
import { cacheKeys, type RequestCount, RequestCounts, type RequestLimit } from '../../cache';
import { ApiError } from '../../common/errors/api-error';
import { tooManyRequests } from '../../common/errors/refusals';
import { limitedCallers } from '../../common/http/client-address';
import { KeyedDigest } from '../../common/secrets/keyed-digest';
import { CONFIG, type Config } from '../../config';
import { invalidCredentials } from '../errors';

const HOUR_MILLISECONDS = 3_600_000;
/** The number of refused health checks of one address in an hour; further ones are answered 429. */
const REFUSALS_PER_ADDRESS = 20;
/** The number of refused health checks of all addresses in an hour whose answer says why they are refused. */
const EXPLAINED_REFUSALS = 20;

const EXPLAINED: RequestLimit = {
  key: cacheKeys.requestLimit('explained_health_checks', 'anyone'),
  limit: EXPLAINED_REFUSALS,
  milliseconds: HOUR_MILLISECONDS,
};

/** A limit with the count of a health check. */
interface Counted {
  readonly limit: RequestLimit;
  readonly count: RequestCount;
}

/**
 * Limits the wrong guesses of the app's number, of keys and of credentials in health checks. A health check counts as
 * wrong while it is being answered, so that simultaneous ones get no more guesses than sequential ones.
 */
@Injectable()
export class GuessLimit {
  private readonly logger = new Logger('Installations');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly counts: RequestCounts,
    private readonly digest: KeyedDigest,
  ) {}

  /**
   * Answers a health check.
   *
   * @param answer is called with true if the error may say what is wrong. With false, it must do the same work whatever
   *   is wrong, and its error is replaced by one that is always the same.
   * @throws ApiError 429 above the limit of the address; the answer's own errors.
   */
  async guard<Answer>(address: string, answer: (explains: boolean) => Promise<Answer>): Promise<Answer> {
    if (!this.config.rateLimit) return answer(true);
    const counted = await Promise.all(limitsOf(address, this.digest).map((limit) => this.countOne(limit)));
    const seconds = Math.max(...counted.map(({ count }) => Math.ceil(count.waitMilliseconds / 1000)));
    if (seconds > 0) {
      await this.takeBack(counted);
      throw tooManyRequests(seconds);
    }
    const explained = await this.countOne(EXPLAINED);
    const explains = explained.count.waitMilliseconds <= 0;
    try {
      const value = await answer(explains);
      await this.takeBack([...counted, explained]);
      return value;
    } catch (error) {
      if (!isRefusal(error)) await this.takeBack([...counted, explained]);
      if (explains || !isRefusal(error)) throw error;
      // The reason is for the operator only.
      this.logger.warn({ reason: error.message }, 'A health check was refused without an explanation');
      throw invalidCredentials();
    }
  }

  private async countOne(limit: RequestLimit): Promise<Counted> {
    return { limit, count: await this.counts.count(limit) };
  }

  private async takeBack(counted: readonly Counted[]): Promise<void> {
    await Promise.all(counted.map(({ limit, count }) => this.counts.takeBack(limit, count.requestId)));
  }
}

/** The limits of an address, and of its IPv6 /48 network. Their keys are digests, so that Redis stores no addresses. */
function limitsOf(address: string, digest: KeyedDigest): RequestLimit[] {
  return limitedCallers(address).map(({ kind, subject, share }) => ({
    key: cacheKeys.requestLimit(`health_checks_${kind}`, digest.of([kind, subject])[0]),
    limit: REFUSALS_PER_ADDRESS * share,
    milliseconds: HOUR_MILLISECONDS,
  }));
}

/** Returns true for an answer that tells whether something was guessed right: 400 or 409. */
function isRefusal(error: unknown): error is ApiError {
  return error instanceof ApiError && [400, 409].includes(error.getStatus());
}
