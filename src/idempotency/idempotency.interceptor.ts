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
import { ACCESS, type AccessLevel } from '../common/access/access.decorator';
import { ApiError } from '../common/errors/api-error';
import { canonicalUrl } from '../common/http/path-key';
import type { Lease } from '../common/leases/lease';
import { KeyedDigest } from '../common/secrets/keyed-digest';
import { invalidKey, keyInUse, keyUsedOtherwise } from './errors';
import { IdempotencyContext } from './idempotency-context';
import { bodyKey, hashKey, IdempotencyKeys, type KeptAnswer } from './idempotency-keys';

export const ANSWER_NOT_KEPT = 'idempotency:answer-not-kept';
const IDENTICAL_BODIES = 'idempotency:identical-bodies';

/** For routes whose answer is a secret: a repeat is carried out again. */
export const AnswerNotKept = (): CustomDecorator => SetMetadata(ANSWER_NOT_KEPT, true);

/**
 * For routes where an identical body without a key counts as the same request while the first one runs and for 60
 * seconds after it succeeded. `replay`: it gets the same answer. `resume`: it goes on with what the first one left, which
 * may have changed since, such as a code that has been paid.
 */
export const IdenticalBodies = (then: 'replay' | 'resume'): CustomDecorator =>
  SetMetadata(IDENTICAL_BODIES, then);

/** A key of visible ASCII, or in the form of the IETF's draft: a quoted text (RFC 8941), which may contain blanks. */
const KEY = /^(?:[\x21-\x7e]{1,255}|"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255}")$/;

/** An external_key as it can be; anything else names no installation, and is answered so. */
const TENANT = /^[^\0]{1,255}$/s;

/** A request that holds a key. */
interface Held {
  readonly lease: Lease;
  readonly isRepeat: boolean;
  readonly digest: string;
  /** What follows an identical body; undefined where the request came with a key of its own. */
  readonly identical: 'replay' | 'resume' | undefined;
}

/** Gives repeated requests their first answer again, and lets them go on with what the first try left behind. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly digest: KeyedDigest,
    private readonly reflector: Reflector,
    private readonly keys: IdempotencyKeys,
    private readonly context: IdempotencyContext,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { key: tenant = '' } = request.params as { key?: string };
    const isNotKept = this.metadata(ANSWER_NOT_KEPT, context) === true;
    if (request.method !== 'POST' || isNotKept || !TENANT.test(tenant)) return next.handle();
    const key = request.headers['idempotency-key'];
    const identical =
      key === undefined ? (this.metadata(IDENTICAL_BODIES, context) as Held['identical']) : undefined;
    if (key === undefined && identical === undefined) return next.handle();
    return from(this.answer({ key, tenant, identical }, context, next));
  }

  /**
   * @throws ApiError 400 for a malformed key, 409 while the first request runs, 422 for another request with the key,
   * and what the request itself leads to.
   */
  private async answer(
    {
      key,
      tenant,
      identical,
    }: { key: string | string[] | undefined; tenant: string; identical: Held['identical'] },
    context: ExecutionContext,
    next: CallHandler,
  ): Promise<unknown> {
    const http = context.switchToHttp();
    const { method, url, body, routeOptions } = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (key !== undefined && (typeof key !== 'string' || !KEY.test(key))) throw invalidKey();
    const digests = this.digest.of([method, canonicalUrl(url), body]);
    const claim = await this.keys.claim({
      tenant,
      access: (this.metadata(ACCESS, context) as AccessLevel | undefined) ?? 'public',
      route: routeOptions.url ?? url,
      key: key === undefined ? bodyKey(digests) : hashKey(key),
      digests,
    });
    switch (claim.outcome) {
      case 'other_request':
        throw keyUsedOtherwise();
      case 'running':
        throw keyInUse(key === undefined);
      case 'answered':
        void markReplayed(reply).status(claim.answer.status).type('application/json; charset=utf-8');
        return claim.answer.body;
      case 'held': {
        const { lease, isRepeat } = claim;
        const held = { lease, isRepeat, digest: digests[0], identical };
        return this.keys.leases.during(lease, () => this.carryOut(held, reply, next));
      }
    }
  }

  private carryOut(held: Held, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const { lease, isRepeat, digest, identical } = held;
    const key = { id: lease.id, leaseToken: lease.token, digest, isRepeat };
    return this.context.run(key, async ({ isUsed, isReplayed }) => {
      try {
        const answer: unknown = await lastValueFrom(next.handle());
        if (identical === 'resume') await this.keys.release(lease, true);
        else
          await this.keys.finish(
            lease,
            { status: reply.statusCode, body: JSON.stringify(answer) },
            identical !== undefined,
          );
        if (isReplayed()) markReplayed(reply);
        return answer;
      } catch (error) {
        await this.afterFailure(held, error, isUsed());
        throw error;
      }
    });
  }

  /**
   * A final answer is kept for its key. What is open, or has left something behind under its key, is gone on with by the
   * repeat. All else leaves no trace: the same key may be used for a corrected request.
   */
  private async afterFailure({ lease, identical }: Held, error: unknown, isUsed: boolean): Promise<void> {
    const outcome = error instanceof ApiError ? error.outcome : 'open';
    if (outcome === 'final' && identical === undefined)
      await this.keys.finish(lease, keptAnswer(error as ApiError), false);
    else if (outcome === 'open' || (isUsed && identical === undefined)) await this.keys.release(lease);
    else await this.keys.forget(lease);
  }

  private metadata(name: string, context: ExecutionContext): unknown {
    return this.reflector.getAllAndOverride<unknown>(name, [context.getHandler(), context.getClass()]);
  }
}

function markReplayed(reply: FastifyReply): FastifyReply {
  return reply.header('Idempotent-Replayed', 'true');
}

function keptAnswer(error: ApiError): KeptAnswer {
  return { status: error.getStatus(), body: JSON.stringify(error.getResponse()) };
}
