import { type FastifyRequest } from 'fastify';
import { type Fault } from '../faults/fault';
import { type LoggedRequest } from '../requests/request-log';
import { type Generation } from '../settings/settings';

/** The state of a call while it is handled. */
export interface CallContext {
  readonly entry: LoggedRequest;
  readonly startedAt: number;
  /** Null until the merchant is known; until then the settings decide. */
  generation: Generation | null;
  /** The fault that applies to the call. */
  fault: Fault | null;
}

/** The contexts by request. Fastify's request type stays unchanged. */
const contexts = new WeakMap<FastifyRequest, CallContext>();

export function openCall(request: FastifyRequest, context: CallContext): void {
  contexts.set(request, context);
}

export function callOf(request: FastifyRequest): CallContext | undefined {
  return contexts.get(request);
}
