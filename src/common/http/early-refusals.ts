import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { invalidAddress, REFUSALS, refusalOf } from '../errors/refusals';

/** What Node's parser gives up on, by its code; everything else is no HTTP. */
const STATUSES: Readonly<Record<string, keyof typeof REFUSALS>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** What helmet and its like add to all other answers, as far as it matters to these. */
const SAFE_HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

/** Answers what is no request yet: headers that are too large or too slow, and what is no HTTP. */
export function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const refusal = REFUSALS[STATUSES[error.code ?? ''] ?? 400]();
  const body = JSON.stringify(refusal.getResponse());
  if (socket.writable) {
    socket.write(
      [
        `HTTP/1.1 ${refusal.getStatus()} Refused`,
        'Content-Type: application/json; charset=utf-8',
        `Content-Length: ${Buffer.byteLength(body)}`,
        `X-Request-Id: ${randomUUID()}`,
        ...Object.entries(SAFE_HEADERS).map((header) => header.join(': ')),
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
    );
  }
  socket.destroy(error);
}

/** Answers an address that no route can be looked up by: one that is not percent-encoded as it should be, or too long. */
export function refuseAddress(error: FastifyError, _: FastifyRequest, reply: FastifyReply): void {
  const { statusCode = 400 } = error;
  const refusal = statusCode === 400 ? invalidAddress() : (refusalOf(statusCode) ?? invalidAddress());
  void reply.headers(SAFE_HEADERS).status(refusal.getStatus()).send(refusal.getResponse());
}
