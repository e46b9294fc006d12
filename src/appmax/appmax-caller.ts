import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { AppmaxConfig, Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { read } from './answers/answer';
import { AppmaxHttp } from './http/appmax-http';
import { MerchantLimiter, type Priority } from './http/merchant-limiter';
import { withRetries, type Repetition } from './http/retry';
import { AppmaxTokens } from './tokens/appmax-tokens';
import type { MerchantCredentials } from './tokens/credentials';

/** An operation of Appmax's: how it is called, how its answer is read, and whether it may be sent again. */
export interface Operation<Value> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly schema: z.ZodType<Value>;
  readonly body?: unknown;
  /** All the time that it may take; the configuration's where it is left out. */
  readonly seconds?: number;
  readonly repetition: Repetition;
  readonly priority?: Priority;
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

  /** @throws AppmaxFailure, ApiError 503 while the app's credentials are not configured. */
  asApp<Value>(operation: Operation<Value>): Promise<Value> {
    return this.tokens.withAppToken((token) => this.perform(operation, token, 'the app'));
  }

  /** @throws AppmaxFailure */
  asMerchant<Value>(merchant: MerchantCredentials, operation: Operation<Value>): Promise<Value> {
    return this.tokens.withMerchantToken(merchant, (token) =>
      this.perform(operation, token, merchant.clientId),
    );
  }

  private async perform<Value>(operation: Operation<Value>, token: string, caller: string): Promise<Value> {
    const { method, path, schema, body, repetition, priority = 'shopper' } = operation;
    const name = path.replace(/^\/(v1\/)?/, '').replace(/\d+/, ':id');
    const deadline = Date.now() + (operation.seconds ?? this.appmax.timeoutSeconds) * 1000;
    return withRetries(
      async () => {
        await this.limiter.acquire(caller, priority, deadline);
        const seconds = Math.max(0.001, (deadline - Date.now()) / 1000);
        const url = `${this.appmax.apiUrl}${path}`;
        return read(
          name,
          schema,
          await this.http.send({ operation: name, method, url, seconds, token, body }),
        );
      },
      { repetition, deadline },
    );
  }
}
