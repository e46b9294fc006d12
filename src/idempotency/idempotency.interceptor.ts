import {
  Injectable,
  SetMetadata,
  type CallHandler,
  type CustomDecorator,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { ApiError } from '../common/errors/api-error';
import { KeyedDigest } from '../common/secrets/keyed-digest';
import { IdempotencyContext } from './idempotency-context';
import { IdempotencyKeys, nameOf, type KeptAnswer } from './idempotency-keys';
import { invalidKey, keyInUse, keyUsedOtherwise } from './refusals';

export const ANSWER_NOT_KEPT = 'idempotency:answer-not-kept';

/** For routes whose answer is a secret: a repeat is carried out again. */
export const AnswerNotKept = (): CustomDecorator => SetMetadata(ANSWER_NOT_KEPT, true);

const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;

/** What an external_key can be; anything else names nobody, and is answered so. */
const TENANT = /^[^\0]{1,255}$/s;

/** Refusals that say what is wrong with the request itself: they will say the same tomorrow. */
const KEPT_REFUSALS = new Set([400, 422]);

/**
 * Gives requests with an Idempotency-Key their first answer again, as the IETF's draft has it. What failed without an
 * effect, and what nobody knows the outcome of, is not kept: the repeat goes on where the first try was cut short.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly digest: KeyedDigest,
    private readonly reflector: Reflector,
    private readonly keys: IdempotencyKeys,
    private readonly context: IdempotencyContext,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const key = request.headers['idempotency-key'];
    const notKept = this.reflector.get<boolean | undefined>(ANSWER_NOT_KEPT, context.getHandler()) === true;
    const { key: tenant = '' } = request.params as { key?: string };
    if (request.method !== 'POST' || key === undefined || notKept || !TENANT.test(tenant))
      return next.handle();
    return from(this.answer(key, request, http.getResponse<FastifyReply>(), next));
  }

  /**
   * @throws ApiError 400 for a key that is none, 409 while the first request runs, 422 for another request with the
   * key, and whatever the request itself leads to.
   */
  private async answer(
    key: string | string[],
    request: FastifyRequest,
    reply: FastifyReply,
    next: CallHandler,
  ): Promise<unknown> {
    if (typeof key !== 'string' || !VISIBLE_ASCII.test(key)) {
      throw invalidKey();
    }
    const { key: tenant } = request.params as { key: string };
    const { method, url, body } = request;
    const digests = this.digest.of([method, url, body]);
    const claim = await this.keys.claim({ tenant, key: nameOf(key), digests });
    switch (claim.outcome) {
      case 'other request':
        throw keyUsedOtherwise();
      case 'running':
        throw keyInUse();
      case 'answered':
        void reply
          .status(claim.answer.status)
          .header('Idempotent-Replayed', 'true')
          .type('application/json; charset=utf-8');
        return claim.answer.body;
      case 'mine':
        return this.keys.heartbeat.during(claim.id, () =>
          this.context.run(claim, () => this.carryOut(claim.id, reply, next)),
        );
    }
  }

  private async carryOut(id: number, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    try {
      const answer: unknown = await lastValueFrom(next.handle());
      await this.keys.finish(id, { status: reply.statusCode, body: JSON.stringify(answer) });
      return answer;
    } catch (error) {
      const refusal = keptRefusal(error);
      await (refusal === undefined ? this.keys.release(id) : this.keys.finish(id, refusal));
      throw error;
    }
  }
}

function keptRefusal(error: unknown): KeptAnswer | undefined {
  if (!(error instanceof ApiError) || !KEPT_REFUSALS.has(error.getStatus())) return undefined;
  return { status: error.getStatus(), body: JSON.stringify(error.getResponse()) };
}
