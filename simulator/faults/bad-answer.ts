import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Fault } from './fault';
import { type FaultAnswer } from './fault-answer';

/** Sets the status and the headers of the answer that a fault gives. */
export function applyAnswer(reply: FastifyReply, fault: Fault, answer: FaultAnswer): void {
  reply.code(answer.status).headers({ ...fault.headers, 'content-type': answer.contentType });
}

/** Leaves the caller without an answer: resets the connection at once, or closes it after some seconds. */
export function breakOff(request: FastifyRequest, how: 'reset' | 'hang', seconds: number): void {
  const { socket } = request.raw;
  if (how === 'reset') socket.resetAndDestroy();
  else setTimeout(() => socket.destroy(), seconds * 1000).unref();
}
