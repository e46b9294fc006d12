import { type FastifyRequest } from 'fastify';
import { type Fault } from '../faults/fault';
import { type LoggedRequest } from '../requests/request-log';
import { type Generation } from '../settings/settings';

/** What is known of a call while it is answered. */
export interface CallContext {
  readonly entry: LoggedRequest;
  readonly startedAt: number;
  /** Null until the caller is known; the settings decide then. */
  generation: Generation | null;
  /** The fault that strikes the call. */
  fault: Fault | null;
}

/** Kept beside the requests, so that nobody else's request type has to change. */
const contexts = new WeakMap<FastifyRequest, CallContext>();

export function openCall(request: FastifyRequest, context: CallContext): void {
  contexts.set(request, context);
}

export function callOf(request: FastifyRequest): CallContext | undefined {
  return contexts.get(request);
}
