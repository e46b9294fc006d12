import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { type AppmaxConfig, type Config, CONFIG } from '../config';
import { read } from './answers/answer';
import { AppmaxFailure } from './failures/appmax-failure';
import { AppmaxHttp } from './http/appmax-http';
import { Deadline, MINIMUM_ATTEMPT_SECONDS } from './http/deadline';
import { MerchantLimiter, type Priority } from './http/merchant-limiter';
import { withRetries, type Repetition } from './http/retry';
import type { SendFence } from './send-fence';
import { AppmaxTokens } from './tokens/appmax-tokens';
import type { MerchantCredentials } from './tokens/credentials';

/** An operation of Appmax's: how it is called, how its answer is read, and whether it may be sent again. */
export interface Operation<Value> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly schema: z.ZodType<Value>;
  readonly body?: unknown;
  /** The time for Appmax's answer, from the merchant's turn on; the configuration's where it is left out. */
  readonly seconds?: number;
  readonly repetition: Repetition;
  readonly priority?: Priority;
  /**
   * Passed right before each sending. A fenced operation is sent again only after its fence was withdrawn: when nothing
   * was sent, and once after a 401 that speaks of the token. Each sending has the whole time.
   */
  readonly fence?: SendFence | undefined;
  /** Whether it charges a card: some refusals are declines of that card then. */
  readonly isDeclinable?: boolean;
  /** Whether a success counts whatever its body is. */
  readonly acceptsAnyBody?: boolean;
}

/** Calls Appmax as the app or as a merchant: with a token, in the caller's turn, as often as the call may be sent. */
@Injectable()
export class AppmaxCaller {
  private readonly appmax: AppmaxConfig;
  private readonly limiter: MerchantLimiter;

  constructor(
    @Inject(CONFIG) { appmax }: Config,
    private readonly http: AppmaxHttp,
    private readonly tokens: AppmaxTokens,
  ) {
    this.appmax = appmax;
    this.limiter = new MerchantLimiter(appmax.rate);
  }

  /** @throws AppmaxFailure, ApiError 503 while the app's credentials are not configured, what the fence throws. */
  asApp<Value>(operation: Operation<Value>): Promise<Value> {
    return this.tokens.withAppToken(
      (token) => this.perform(operation, token, 'the app'),
      repetitionOf(operation),
    );
  }

  /** @throws AppmaxFailure, what the fence throws. */
  asMerchant<Value>(merchant: MerchantCredentials, operation: Operation<Value>): Promise<Value> {
    return this.tokens.withMerchantToken(
      merchant,
      (token) => this.perform(operation, token, merchant.clientId),
      repetitionOf(operation),
    );
  }

  private async perform<Value>(operation: Operation<Value>, token: string, caller: string): Promise<Value> {
    const {
      method,
      path,
      schema,
      body,
      fence,
      isDeclinable,
      acceptsAnyBody,
      priority = 'shopper',
    } = operation;
    const name = path.replace(/^\/(v1\/)?/, '').replace(/\d+/, ':id');
    const wholeSeconds = operation.seconds ?? this.appmax.timeoutSeconds;
    const deadline = new Deadline(wholeSeconds);
    return withRetries(
      async () => {
        await this.takeTurn(caller, priority, deadline);
        const seconds = fence === undefined ? deadline.secondsLeft : wholeSeconds;
        const url = `${this.appmax.apiUrl}${path}`;
        const call = {
          operation: name,
          method,
          url,
          seconds,
          token,
          body,
          fence,
          isDeclinable,
          acceptsAnyBody,
        };
        const answer = await this.http.send(call);
        return read(name, schema, answer);
      },
      { repetition: repetitionOf(operation), deadline },
    );
  }

  /** Waits for the merchant's turn. The first turn starts the call's time; a later one may come too late for it. */
  private async takeTurn(caller: string, priority: Priority, deadline: Deadline): Promise<void> {
    if (!deadline.isStarted) {
      await this.limiter.acquire(caller, priority);
      deadline.start();
      return;
    }
    await this.limiter.acquire(caller, priority, Math.max(0, deadline.secondsLeft - MINIMUM_ATTEMPT_SECONDS));
    if (!deadline.allowsAttemptIn(0))
      throw new AppmaxFailure('rate_limited', 'own limit', { retryAfterSeconds: MINIMUM_ATTEMPT_SECONDS });
  }
}

/** What was sent past a fence is never sent again, even where a second sending would be harmless. */
function repetitionOf({ repetition, fence }: Pick<Operation<unknown>, 'repetition' | 'fence'>): Repetition {
  return fence === undefined ? repetition : 'never';
}
