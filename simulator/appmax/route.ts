import { type FastifyReply, type FastifyRequest, type RouteHandlerMethod } from 'fastify';
import { type AnswerForms, type ApiAnswer } from '../answers/answer';
import { g1 } from '../answers/g1';
import { g2 } from '../answers/g2';
import { answerLate } from '../faults/late-answer';
import { type LimitVerdict } from '../limits/token-bucket';
import { type TokenHolder } from '../merchants/access-tokens';
import { type Merchant } from '../merchants/merchant';
import { type Generation } from '../settings/settings';
import { type Simulator } from '../simulator';
import { type ApiError, TooManyRequests, unauthorized } from './api-error';
import { callOf } from './call-context';

const forms: Record<Generation, AnswerForms> = { g1, g2 };

/** A call with a merchant's token. */
export interface MerchantCall {
  readonly merchant: Merchant;
  readonly generation: Generation;
  readonly answers: AnswerForms;
  readonly body: unknown;
  readonly parameters: Readonly<Record<string, string>>;
  /** True if a payment is accepted although the order is paid. */
  readonly evenIfPaid: boolean;
}

/** Returns the API generation for a merchant's calls. */
export function generationOf(simulator: Simulator, merchant: Merchant | null): Generation {
  return merchant?.api ?? simulator.settings.api;
}

/**
 * Sets the rate-limit headers of a response.
 * @returns the error 429 if the limit is exceeded, else null
 */
export function limitRefusal(
  { settings }: Simulator,
  verdict: LimitVerdict | null,
  reply: FastifyReply,
): ApiError | null {
  if (verdict === null) return null;
  reply.header('x-ratelimit-limit', verdict.limit).header('x-ratelimit-remaining', verdict.remaining);
  if (verdict.allowed) return null;
  const until = new Date(Date.now() + verdict.retryAfterSeconds * 1000);
  reply.header(
    'retry-after',
    settings.retry_after_form === 'http_date' ? until.toUTCString() : verdict.retryAfterSeconds,
  );
  return new TooManyRequests(verdict.retryAfterSeconds);
}

/** Does the same as `limitRefusal`, but throws the error. */
export function enforce(simulator: Simulator, verdict: LimitVerdict | null, reply: FastifyReply): void {
  const refusal = limitRefusal(simulator, verdict, reply);
  if (refusal !== null) throw refusal;
}

/** Returns the bearer token of a request, or null. */
export function bearerToken(request: FastifyRequest): string | null {
  return /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

function tokenHolder(simulator: Simulator, request: FastifyRequest): TokenHolder {
  const token = bearerToken(request);
  const holder = token === null ? null : simulator.tokens.holderOf(token);
  if (holder === null) throw unauthorized();
  return holder;
}

/** Returns the handler of a call that needs the app-level token. A merchant's token is refused. */
export function appRoute(
  simulator: Simulator,
  operation: (body: unknown) => ApiAnswer | Promise<ApiAnswer>,
): RouteHandlerMethod {
  return async (request, reply) => {
    if (tokenHolder(simulator, request).merchant !== null) throw unauthorized();
    const answer = await operation(request.body);
    return reply.code(answer.status).send(answer.body);
  };
}

/** Returns the handler of a `/v1` call, which needs a merchant's token. The app-level token is refused. */
export function merchantRoute(
  simulator: Simulator,
  operation: (call: MerchantCall) => ApiAnswer | Promise<ApiAnswer>,
): RouteHandlerMethod {
  return async (request, reply) => {
    const { merchant, clientId } = tokenHolder(simulator, request);
    if (merchant === null) throw unauthorized();
    const generation = generationOf(simulator, merchant);
    const context = callOf(request);
    if (context !== undefined) {
      context.generation = generation;
      context.entry.external_key = merchant.externalKey;
    }
    enforce(simulator, simulator.limits.ofClient(clientId), reply);
    const fault = context?.fault ?? null;
    const call: MerchantCall = {
      merchant,
      generation,
      answers: forms[generation],
      body: request.body,
      parameters: request.params as Record<string, string>,
      evenIfPaid: fault?.kind === 'late' && fault.even_if_paid,
    };
    if (context !== undefined && fault?.kind === 'late') {
      const late = { fault, entry: context.entry, operation: () => operation(call) };
      return answerLate(simulator.lateEffects, late, request, reply);
    }
    const answer = await operation(call);
    return reply.code(answer.status).send(answer.body);
  };
}
