import { Inject, Injectable } from '@nestjs/common';
import { AppCache, cacheKeys } from '../../cache';
import { endHeadRequest } from '../../common/http/request-context';
import { Sealer } from '../../common/secrets/sealer';
import { CONFIG, type Config } from '../../config';
import { read } from '../answers/answer';
import { tokenAnswer } from '../answers/schemas';
import { AppmaxFailure } from '../failures/appmax-failure';
import { appmaxNotConfigured } from '../failures/errors';
import { AppmaxHttp, type CircuitName } from '../http/appmax-http';
import { Deadline } from '../http/deadline';
import { type Repetition, withRetries } from '../http/retry';
import { CredentialListeners } from './credential-listeners';
import { type Credentials, fingerprint, type MerchantCredentials } from './credentials';
import { isTokenRefusal, refusesCredentials } from './token-refusals';

/** Seconds before its expiry from which a token is not used any more: it might expire on the way. */
const MARGIN_SECONDS = 60;

/** A cached token. Its encryption context is the cache key and the credentials that it was fetched with. */
interface CachedToken {
  readonly sealed: string;
}

/** The credentials of a token, and its key in the cache; `installationId` if it is a merchant's. */
interface TokenOwner {
  readonly key: string;
  readonly credentials: Credentials;
  readonly installationId?: number;
}

/** The circuit breaker and the retry rule for fetching a token. */
interface FetchOptions {
  readonly circuit: CircuitName;
  readonly repetition: Repetition;
}

/** Bearer tokens of the app and of merchants: cached, fetched once at a time, replaced when Appmax refuses one. */
@Injectable()
export class AppmaxTokens {
  private readonly fetching = new Map<string, Promise<string>>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly http: AppmaxHttp,
    private readonly cache: AppCache,
    private readonly sealer: Sealer,
    private readonly listeners: CredentialListeners = new CredentialListeners(),
  ) {}

  /**
   * Calls Appmax as the app.
   *
   * @param repetition `harmless` if the call may be repeated after any 401.
   * @throws ApiError 503, with the variables to set, if the app's credentials are not configured.
   */
  withAppToken<Value>(
    call: (token: string) => Promise<Value>,
    repetition: Repetition = 'never',
  ): Promise<Value> {
    const { clientId, clientSecret } = this.config.appmax;
    if (clientId === undefined || clientSecret === undefined) {
      throw appmaxNotConfigured('APPMAX_CLIENT_ID and APPMAX_CLIENT_SECRET');
    }
    return this.withToken(
      { key: cacheKeys.appToken, credentials: { clientId, clientSecret }, repetition },
      call,
    );
  }

  /**
   * Calls Appmax as a merchant.
   *
   * @param repetition `harmless` if the call may be repeated after any 401.
   * @throws AppmaxFailure `revoked` if Appmax issues no token for the merchant's credentials.
   */
  withMerchantToken<Value>(
    merchant: MerchantCredentials,
    call: (token: string) => Promise<Value>,
    repetition: Repetition = 'never',
  ): Promise<Value> {
    const key = cacheKeys.merchantToken(merchant.installationId);
    const { installationId } = merchant;
    return this.withToken({ key, credentials: merchant, installationId, repetition }, call);
  }

  /**
   * Returns true if Appmax issues a token for these credentials; the token is not kept. Anonymous callers can cause
   * this call, so it has its own circuit: its failures do not block the merchants' tokens.
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

  /** Makes a call, unless for a HEAD request, and repeats it once after a 401 if it is harmless, or if the 401's text is about the token. */
  private async withToken<Value>(
    { repetition, ...owner }: TokenOwner & { repetition: Repetition },
    call: (token: string) => Promise<Value>,
  ): Promise<Value> {
    endHeadRequest();
    const token = await this.token(owner);
    try {
      return await call(token);
    } catch (error) {
      if (!(error instanceof AppmaxFailure && error.kind === 'unauthorized' && error.status === 401))
        throw error;
      await this.drop(owner.key, token, fingerprint(owner.credentials));
      // Appmax also answers 401 to declined payments: only the text tells them apart.
      if (repetition === 'never' && !isTokenRefusal(error.text)) throw error;
      return call(await this.token(owner));
    }
  }

  private async token(owner: TokenOwner): Promise<string> {
    const hash = fingerprint(owner.credentials);
    const cached = await this.cached(owner.key, hash);
    if (cached !== undefined) return cached;
    const pending = this.fetching.get(hash) ?? this.fetchAndCache(owner, hash);
    this.fetching.set(hash, pending);
    return pending;
  }

  private async fetchAndCache(tokenOwner: TokenOwner, owner: string): Promise<string> {
    const { key } = tokenOwner;
    try {
      const { access_token: token, expires_in: lifetime } = await this.fetchFor(tokenOwner);
      const seconds = Math.floor(lifetime) - MARGIN_SECONDS;
      if (seconds > 0) {
        const sealed = this.sealer.seal(token, encryptionContext(key, owner));
        await this.cache.set(key, { sealed } satisfies CachedToken, seconds);
      }
      return token;
    } finally {
      this.fetching.delete(owner);
    }
  }

  /** Fetches a token, and tells the listeners if Appmax has accepted or refused a merchant's credentials. */
  private async fetchFor({ credentials, installationId }: TokenOwner): ReturnType<AppmaxTokens['fetch']> {
    if (installationId === undefined) return this.fetch(credentials);
    try {
      const answer = await this.fetch(credentials);
      await Promise.all(this.listeners.all.map((listener) => listener.onTokenIssued(installationId)));
      return answer;
    } catch (error) {
      if (!(error instanceof AppmaxFailure && refusesCredentials(error))) throw error;
      await Promise.all(this.listeners.all.map((listener) => listener.onCredentialsRefused(installationId)));
      const { operation, status, text } = error;
      throw new AppmaxFailure('revoked', operation, { status, text, cause: error });
    }
  }

  /** Returns the cached token of these credentials; undefined if there is none or if it cannot be decrypted. */
  private async cached(key: string, owner: string): Promise<string | undefined> {
    const entry = await this.cache.get<Partial<CachedToken>>(key);
    if (entry?.sealed === undefined) return undefined;
    return this.sealer.tryOpen(entry.sealed, encryptionContext(key, owner));
  }

  /** Deletes a token that Appmax refused, unless another request has already replaced it. */
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
          wholeSeconds: tokenTimeoutSeconds,
          // Credentials that are only checked belong to no shop yet.
          shop: circuit === 'proofs' ? undefined : clientId,
          form: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
        });
        return read(operation, tokenAnswer, answer);
      },
      { repetition, deadline },
    );
  }
}

function encryptionContext(key: string, owner: string): string[] {
  return ['cache', key, owner];
}
