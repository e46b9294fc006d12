import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type ApiAnswer } from '../answers/answer';
import { ApiError } from '../appmax/api-error';
import { type LoggedRequest } from '../requests/request-log';
import { abortConnection, applyAnswer } from './bad-answer';
import { type Fault } from './fault';
import { faultAnswer } from './fault-answer';
import { type LateEffects } from './late-effects';

/** Seconds after the effect until the connection of a caller without a response is closed. */
const HANG_SECONDS = 30;

type Operation = () => ApiAnswer | Promise<ApiAnswer>;

/** Runs a call and returns the status that its caller would have received. */
async function statusOf(operation: Operation): Promise<number> {
  try {
    return (await operation()).status;
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    console.error(error);
    return 500;
  }
}

/** A call to which a fault of kind `late` applies. */
export interface LateCall {
  readonly fault: Fault;
  readonly entry: LoggedRequest;
  readonly operation: Operation;
}

/**
 * Answers a call as its fault says and schedules the call for later.
 * @throws ApiError 503 if too many effects are pending
 */
export function answerLate(
  effects: LateEffects,
  { fault, entry, operation }: LateCall,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const isScheduled = effects.schedule(fault.seconds, async () => {
    entry.late_status = await statusOf(operation);
  });
  if (!isScheduled) throw new ApiError(503, 'broken', 'Too many late effects are pending.');
  const answer = faultAnswer(fault);
  if (answer === null) {
    reply.hijack();
    abortConnection(request, fault.answer === 'reset' ? 'reset' : 'hang', fault.seconds + HANG_SECONDS);
    return reply;
  }
  applyAnswer(reply, fault, answer);
  return reply.send(answer.body);
}
