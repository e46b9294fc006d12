import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Fault } from './fault';
import { type FaultAnswer } from './fault-answer';

/** Sets the status and headers of a fault's response. */
export function applyAnswer(reply: FastifyReply, fault: Fault, answer: FaultAnswer): void {
  reply.code(answer.status).headers({ 'content-type': answer.contentType, ...fault.headers });
}

/** Sends no response: resets the connection at once, or closes it after `seconds`. */
export function abortConnection(request: FastifyRequest, how: 'reset' | 'hang', seconds: number): void {
  const { socket } = request.raw;
  if (how === 'reset') socket.resetAndDestroy();
  else setTimeout(() => socket.destroy(), seconds * 1000).unref();
}
