import {
  type CallHandler,
  type CustomDecorator,
  type ExecutionContext,
  Injectable,
  Logger,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { ACCESS, type AccessLevel } from '../common/access/access.decorator';
import type { RequestAccess } from '../common/access/key-holder';
import { ApiError } from '../common/errors/api-error';
import { canonicalUrl } from '../common/http/path-key';
import type { Lease } from '../common/leases/lease';
import { KeyedDigest } from '../common/secrets/keyed-digest';
import { invalidKey, keyInUse, keyUsedOtherwise } from './errors';
import { IdempotencyContext } from './idempotency-context';
import { bodyKey, hashKey, IdempotencyKeys, type KeptAnswer, KeyLeases } from './idempotency-keys';

export const ANSWER_NOT_KEPT = 'idempotency:answer-not-kept';
const IDENTICAL_BODIES = 'idempotency:identical-bodies';

/** Marks a route whose answer is a secret and must not be stored. A repeated request is executed again. */
export const AnswerNotKept = (): CustomDecorator => SetMetadata(ANSWER_NOT_KEPT, true);

/**
 * Marks a route on which an identical body without a key counts as the same request, while the first one runs and for
 * 60 seconds after it succeeded. `replay`: it gets the stored answer. `resume`: it is executed with the operations of
 * the first one, whose state may have changed: a code may be paid, for example.
 */
export const IdenticalBodies = (then: 'replay' | 'resume'): CustomDecorator =>
  SetMetadata(IDENTICAL_BODIES, then);

/** A key of visible ASCII, or in the form of the IETF's draft: a quoted text (RFC 8941), which may contain blanks. */
const KEY = /^(?:[\x21-\x7e]{1,255}|"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255}")$/;

/** A possible external_key. For any other, the route itself answers that there is no such installation. */
const TENANT = /^[^\0]{1,255}$/s;

/** A request that holds the lease of a key. */
interface Held {
  readonly lease: Lease;
  readonly isRepeat: boolean;
  readonly digest: string;
  /** The mode of {@link IdenticalBodies}; undefined if the request has an Idempotency-Key. */
  readonly identical: 'replay' | 'resume' | undefined;
}

/** Answers a repeated request with the stored answer, or lets it resume the operations of the first attempt. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly logger = new Logger('Idempotency');

  constructor(
    private readonly digest: KeyedDigest,
    private readonly reflector: Reflector,
    private readonly keys: IdempotencyKeys,
    private readonly leases: KeyLeases,
    private readonly context: IdempotencyContext,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { key: shop, session = '' } = request.params as { key?: string; session?: string };
    // The keys of a checkout session are its own.
    const tenant = shop ?? session;
    const isNotStored = this.metadata(ANSWER_NOT_KEPT, context) === true;
    if (request.method !== 'POST' || isNotStored || !TENANT.test(tenant)) return next.handle();
    const key = request.headers['idempotency-key'];
    const identical =
      key === undefined ? (this.metadata(IDENTICAL_BODIES, context) as Held['identical']) : undefined;
    if (key === undefined && identical === undefined) return next.handle();
    return from(this.answer({ key, tenant, identical }, context, next));
  }

  /**
   * Answers a request with a key or an identifying body.
   *
   * @throws ApiError 400 for a malformed key, 409 while the first request runs, 422 if the key was used for another
   * request, and the errors of the request itself.
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
    const { method, url, body, routeOptions, holdsSecretKey } = http.getRequest<
      FastifyRequest & RequestAccess
    >();
    const reply = http.getResponse<FastifyReply>();
    if (key !== undefined && (typeof key !== 'string' || !KEY.test(key))) throw invalidKey();
    const digests = this.digest.of([method, canonicalUrl(url), body]);
    const use = {
      tenant,
      access: (this.metadata(ACCESS, context) as AccessLevel | undefined) ?? 'public',
      route: routeOptions.url ?? url,
      key: key === undefined ? bodyKey(digests) : hashKey(key),
      digests,
    };
    const result = await this.keys.lease(use, holdsSecretKey === true);
    switch (result.outcome) {
      case 'other_request':
        throw keyUsedOtherwise();
      case 'running':
        throw keyInUse(key === undefined);
      case 'answered':
        void markReplayed(reply).status(result.answer.status).type('application/json; charset=utf-8');
        return result.answer.body;
      case 'held': {
        const { lease, isRepeat } = result;
        const held = { lease, isRepeat, digest: digests[0], identical };
        return this.leases.during(lease, () => this.execute(held, reply, next));
      }
    }
  }

  private execute(held: Held, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const { lease, isRepeat, digest, identical } = held;
    const isIdentical = identical !== undefined;
    const storedStatus = identical === 'resume' ? undefined : reply.statusCode;
    const key = { id: lease.id, leaseToken: lease.token, digest, isRepeat, isIdentical, storedStatus };
    return this.context.run(key, async ({ isUsed, isReplayed, isEnded }) => {
      try {
        const answer: unknown = await lastValueFrom(next.handle());
        const kept = { status: reply.statusCode, body: JSON.stringify(answer) };
        if (!isEnded())
          await this.end(() =>
            storedStatus === undefined
              ? this.keys.release(lease, true)
              : this.keys.finish(lease, kept, isIdentical),
          );
        if (isReplayed()) markReplayed(reply);
        return answer;
      } catch (error) {
        // After the lease has ended with a success, repeats get that.
        if (!isEnded()) await this.end(() => this.afterFailure(held, error, isUsed()));
        throw error;
      }
    });
  }

  /**
   * Ends the lease of a request. If that fails, the client still gets the outcome: an error instead would say that a
   * payment was not made. The lease expires, and a repeat resumes the operations.
   */
  private async end(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.logger.error({ err: error }, 'The answer to a request could not be kept for its repeats');
    }
  }

  /**
   * Ends the lease of a failed request. A final error is stored as its answer. If the outcome is open, or operations
   * exist for the key, a repeated request resumes. Otherwise the key is deleted: a corrected request may use it.
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
