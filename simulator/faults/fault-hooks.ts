import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { callOf } from '../appmax/call-context';
import { bearerToken } from '../appmax/route';
import { type Simulator } from '../simulator';
import { abortConnection, applyAnswer } from './bad-answer';
import { describeFault, type Fault } from './fault';
import { defaultAnswer, faultAnswer } from './fault-answer';
import { dripping, truncated } from './garbled-stream';

/** Returns the fault that applies to a call, and records it for the call. */
function findFault(simulator: Simulator, request: FastifyRequest): Fault | undefined {
  if (simulator.faults.list().length === 0) return undefined;
  const token = bearerToken(request);
  const holder = token === null ? null : simulator.tokens.holderOf(token);
  const fault = simulator.faults.match({
    method: request.method,
    pattern: request.routeOptions.url ?? request.url,
    path: request.url,
    externalKey: holder?.merchant?.externalKey ?? null,
  });
  if (fault === undefined) return undefined;
  const call = callOf(request);
  if (call !== undefined) {
    call.fault = fault;
    call.entry.fault = describeFault(fault);
  }
  return fault;
}

function revokeToken(simulator: Simulator, request: FastifyRequest): void {
  const token = bearerToken(request);
  if (token !== null) simulator.tokens.revoke(token);
}

/**
 * Applies a fault before the call has an effect.
 * @returns true if the call is finished
 */
function applyBefore(
  simulator: Simulator,
  request: FastifyRequest,
  reply: FastifyReply,
  fault: Fault,
): boolean {
  if (fault.kind === 'hang' || fault.kind === 'reset') {
    reply.hijack();
    abortConnection(request, fault.kind, fault.seconds);
    return true;
  }
  if (fault.kind === 'token_revoked') {
    // The call continues and is refused like any call with an invalid token.
    revokeToken(simulator, request);
    return false;
  }
  if (fault.kind === 'expires_in' || fault.kind === 'late') return false;
  const answer = faultAnswer(fault) ?? defaultAnswer(fault);
  applyAnswer(reply, fault, answer);
  reply.send(answer.body);
  return true;
}

function withExpiry(payload: unknown, expiresIn: number): unknown {
  if (typeof payload !== 'string') return payload;
  const answer = JSON.parse(payload) as Record<string, unknown>;
  return 'expires_in' in answer ? JSON.stringify({ ...answer, expires_in: expiresIn }) : payload;
}

function corrupted(request: FastifyRequest, reply: FastifyReply, fault: Fault, payload: unknown): unknown {
  const body = Buffer.from(typeof payload === 'string' ? payload : '');
  if (fault.kind === 'drip') return dripping(body, fault);
  reply.header('content-length', body.length);
  return truncated(body, request.raw.socket);
}

/**
 * Applies a fault to the response.
 * @returns the payload to send; undefined if nothing is sent
 */
function applyAfter(
  simulator: Simulator,
  request: FastifyRequest,
  reply: FastifyReply,
  fault: Fault,
  payload: unknown,
): { readonly payload: unknown } | undefined {
  if (fault.kind === 'truncate' || fault.kind === 'drip')
    return { payload: corrupted(request, reply, fault, payload) };
  if (fault.kind === 'expires_in') return { payload: withExpiry(payload, fault.expires_in) };
  if (fault.when === 'before' || fault.kind === 'late') return { payload };
  if (fault.kind === 'hang' || fault.kind === 'reset') {
    abortConnection(request, fault.kind, fault.seconds);
    return undefined;
  }
  if (fault.kind === 'token_revoked') revokeToken(simulator, request);
  const answer = faultAnswer(fault);
  if (answer === null) return { payload };
  applyAnswer(reply, fault, answer);
  return { payload: answer.body };
}

/** Registers the hooks that apply the active faults to the calls of a scope, before or after their effect. */
export function registerFaults(app: FastifyInstance, simulator: Simulator): void {
  app.addHook('onRequest', (request, reply, done) => {
    const fault = findFault(simulator, request);
    if (fault?.when !== 'before' || !applyBefore(simulator, request, reply, fault)) done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const fault = callOf(request)?.fault ?? null;
    if (fault === null) {
      done(null, payload);
      return;
    }
    const sent = applyAfter(simulator, request, reply, fault, payload);
    if (sent !== undefined) done(null, sent.payload);
  });
}
