import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { type AppmaxConfig, CONFIG, type Config } from '../config';
import { read } from './answers/answer';
import { AppmaxHttp } from './http/appmax-http';
import { Deadline, MINIMUM_ATTEMPT_SECONDS } from './http/deadline';
import { type Repetition, withRetries } from './http/retry';
import { MerchantLimiter, ownLimitFailure, type Release } from './limiter/merchant-limiter';
import type { Priority } from './limiter/priority';
import { SharedLimit } from './limiter/shared-limit';
import type { SendFence } from './send-fence';
import { AppmaxTokens } from './tokens/appmax-tokens';
import type { MerchantCredentials } from './tokens/credentials';

/** A call to Appmax: its request, the schema of its answer, and its rules for timeouts and retries. */
export interface AppmaxRequest<Value> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly schema: z.ZodType<Value>;
  readonly body?: unknown;
  /** The time limit of all attempts, from when the rate limiter lets the call through. Default: `APPMAX_TIMEOUT`. */
  readonly seconds?: number;
  readonly repetition: Repetition;
  readonly priority?: Priority;
  /**
   * Passed right before each attempt. A fenced call is sent again only after its fence was withdrawn: when nothing was
   * sent, and once after a 401 about the token. Each attempt has the whole time limit.
   */
  readonly fence?: SendFence | undefined;
  /** True if the call charges a card: then some error answers mean that the card was declined. */
  readonly isDeclinable?: boolean;
  /** True if a 2xx status is a success with any body. */
  readonly acceptsAnyBody?: boolean;
}

/** Calls Appmax as the app or as a merchant, with a token, the merchant's rate limit and retries. */
@Injectable()
export class AppmaxCaller {
  private readonly appmax: AppmaxConfig;
  private readonly limiter: MerchantLimiter;

  constructor(
    @Inject(CONFIG) { appmax }: Config,
    private readonly http: AppmaxHttp,
    private readonly tokens: AppmaxTokens,
    shared: SharedLimit,
  ) {
    this.appmax = appmax;
    this.limiter = new MerchantLimiter(appmax.rate, shared);
  }

  /** @throws AppmaxFailure; ApiError 503 if the app's credentials are not configured; the fence's own errors. */
  asApp<Value>(request: AppmaxRequest<Value>): Promise<Value> {
    return this.tokens.withAppToken((token) => this.send(request, token, 'the app'), repetitionOf(request));
  }

  /** @throws AppmaxFailure; the fence's own errors. */
  asMerchant<Value>(merchant: MerchantCredentials, request: AppmaxRequest<Value>): Promise<Value> {
    return this.tokens.withMerchantToken(
      merchant,
      (token) => this.send(request, token, merchant.clientId),
      repetitionOf(request),
    );
  }

  private async send<Value>(request: AppmaxRequest<Value>, token: string, caller: string): Promise<Value> {
    const { method, path, schema, body, fence, isDeclinable, acceptsAnyBody, priority = 'shopper' } = request;
    const name = path.replace(/^\/(v1\/)?/, '').replace(/\d+/, ':id');
    const wholeSeconds = request.seconds ?? this.appmax.timeoutSeconds;
    const deadline = new Deadline(wholeSeconds);
    return withRetries(
      async () => {
        const release = await this.waitForLimiter(caller, priority, deadline);
        const seconds = fence === undefined ? deadline.secondsLeft : wholeSeconds;
        const url = `${this.appmax.apiUrl}${path}`;
        const call = {
          operation: name,
          method,
          url,
          seconds,
          wholeSeconds,
          shop: caller,
          priority,
          token,
          body,
          fence,
          isDeclinable,
          acceptsAnyBody,
        };
        const answer = await this.http.send(call).finally(release);
        return read(name, schema, answer);
      },
      { repetition: repetitionOf(request), deadline },
    );
  }

  /**
   * Waits until the rate limiter lets an attempt through. The call's deadline starts after the first wait.
   *
   * @returns the function that ends the attempt for the limiter.
   * @throws AppmaxFailure `rate_limited` if the limiter, or the time that is left, does not allow another attempt.
   */
  private async waitForLimiter(caller: string, priority: Priority, deadline: Deadline): Promise<Release> {
    if (!deadline.isStarted) {
      const release = await this.limiter.acquire(caller, priority);
      deadline.start();
      return release;
    }
    const longest = Math.max(0, deadline.secondsLeft - MINIMUM_ATTEMPT_SECONDS);
    const release = await this.limiter.acquire(caller, priority, longest);
    if (deadline.allowsAttemptIn(0)) return release;
    release();
    throw ownLimitFailure(MINIMUM_ATTEMPT_SECONDS);
  }
}

/** Returns the retry rule of a call: a fenced call that was sent is never sent again, even if it is harmless. */
function repetitionOf({
  repetition,
  fence,
}: Pick<AppmaxRequest<unknown>, 'repetition' | 'fence'>): Repetition {
  return fence === undefined ? repetition : 'never';
}
