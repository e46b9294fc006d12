import { Inject, Injectable } from '@nestjs/common';
import { AppCache, cacheKeys } from '../../cache';
import { ApiError } from '../../common/errors/api-error';
import { Sealer } from '../../common/secrets/sealer';
import { type Config, CONFIG } from '../../config';
import { read } from '../answers/answer';
import { tokenAnswer } from '../answers/schemas';
import { AppmaxFailure } from '../failures/appmax-failure';
import { AppmaxHttp, type CircuitName } from '../http/appmax-http';
import { Deadline } from '../http/deadline';
import { withRetries, type Repetition } from '../http/retry';
import { speaksOfToken } from './token-refusals';
import { fingerprint, type Credentials, type MerchantCredentials } from './credentials';

/** A token is not used in the last minute of its life: it might expire on the way. */
const MARGIN_SECONDS = 60;

/** A token as it is cached, sealed for its key and the credentials that it was fetched with: other ones can't open it. */
interface CachedToken {
  readonly sealed: string;
}

/** How a token is fetched. */
interface FetchOptions {
  readonly circuit: CircuitName;
  readonly repetition: Repetition;
}

/** Bearer tokens of the app and of merchants: cached, fetched once at a time, renewed when Appmax refuses one. */
@Injectable()
export class AppmaxTokens {
  private readonly fetching = new Map<string, Promise<string>>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly http: AppmaxHttp,
    private readonly cache: AppCache,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Calls Appmax as the app.
   *
   * @param repetition what a second call after a 401 would do.
   * @throws ApiError 503 naming the variables to set, while the app's credentials are not configured.
   */
  withAppToken<Value>(
    call: (token: string) => Promise<Value>,
    repetition: Repetition = 'never',
  ): Promise<Value> {
    const { clientId, clientSecret } = this.config.appmax;
    if (clientId === undefined || clientSecret === undefined) {
      throw new ApiError(503, 'Appmax is not configured yet: set APPMAX_CLIENT_ID and APPMAX_CLIENT_SECRET');
    }
    return this.withToken(
      { key: cacheKeys.appToken, credentials: { clientId, clientSecret }, repetition },
      call,
    );
  }

  /** Calls Appmax as a merchant. @param repetition what a second call after a 401 would do. */
  withMerchantToken<Value>(
    merchant: MerchantCredentials,
    call: (token: string) => Promise<Value>,
    repetition: Repetition = 'never',
  ): Promise<Value> {
    const key = cacheKeys.merchantToken(merchant.installationId);
    return this.withToken({ key, credentials: merchant, repetition }, call);
  }

  /**
   * Whether Appmax gives a token for these credentials; it is not kept. They may be anyone's: what becomes of it keeps no
   * merchant from a token.
   */
  async accepts(credentials: Credentials): Promise<boolean> {
    try {
      await this.fetch(credentials, { circuit: 'proofs', repetition: 'never' });
      return true;
    } catch (error) {
      if (error instanceof AppmaxFailure && (error.kind === 'unauthorized' || error.kind === 'refused'))
        return false;
      throw error;
    }
  }

  /** Repeats a call once after a 401: one that is harmless, and any other if Appmax says that the token was the reason. */
  private async withToken<Value>(
    { key, credentials, repetition }: { key: string; credentials: Credentials; repetition: Repetition },
    call: (token: string) => Promise<Value>,
  ): Promise<Value> {
    const token = await this.token(key, credentials);
    try {
      return await call(token);
    } catch (error) {
      if (!(error instanceof AppmaxFailure && error.kind === 'unauthorized' && error.status === 401))
        throw error;
      await this.drop(key, token, fingerprint(credentials));
      // Appmax has been seen to answer 401 to payments that were declined: only its words tell them apart.
      if (repetition === 'never' && !speaksOfToken(error.text)) throw error;
      return call(await this.token(key, credentials));
    }
  }

  private async token(key: string, credentials: Credentials): Promise<string> {
    const owner = fingerprint(credentials);
    const cached = await this.cached(key, owner);
    if (cached !== undefined) return cached;
    const flight = this.fetching.get(owner) ?? this.fetchAndKeep(key, owner, credentials);
    this.fetching.set(owner, flight);
    return flight;
  }

  private async fetchAndKeep(key: string, owner: string, credentials: Credentials): Promise<string> {
    try {
      const { access_token: token, expires_in: lifetime } = await this.fetch(credentials);
      const seconds = Math.floor(lifetime) - MARGIN_SECONDS;
      if (seconds > 0) {
        const sealed = this.sealer.seal(token, placeOf(key, owner));
        await this.cache.set(key, { sealed } satisfies CachedToken, seconds);
      }
      return token;
    } finally {
      this.fetching.delete(owner);
    }
  }

  /** The token that is cached for these credentials. One that can't be opened is fetched anew. */
  private async cached(key: string, owner: string): Promise<string | undefined> {
    const entry = await this.cache.get<Partial<CachedToken>>(key);
    return entry?.sealed === undefined ? undefined : this.sealer.tryOpen(entry.sealed, placeOf(key, owner));
  }

  /** Drops a token that Appmax refused, unless another request has put a new one in its place already. */
  private async drop(key: string, refused: string, owner: string): Promise<void> {
    if ((await this.cached(key, owner)) === refused) await this.cache.delete(key);
  }

  private fetch(
    { clientId, clientSecret }: Credentials,
    { circuit, repetition }: FetchOptions = { circuit: 'tokens', repetition: 'harmless' },
  ): Promise<{ access_token: string; expires_in: number }> {
    const operation = 'oauth2/token';
    const { authUrl, tokenTimeoutSeconds } = this.config.appmax;
    const deadline = new Deadline(tokenTimeoutSeconds).start();
    return withRetries(
      async () => {
        const answer = await this.http.send({
          operation,
          circuit,
          method: 'POST',
          url: `${authUrl}/oauth2/token`,
          seconds: deadline.secondsLeft,
          form: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
        });
        return read(operation, tokenAnswer, answer);
      },
      { repetition, deadline },
    );
  }
}

function placeOf(key: string, owner: string): string[] {
  return ['cache', key, owner];
}
