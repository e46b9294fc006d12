import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { invalidAddress, refusalOf, REFUSALS } from '../../errors/refusals';

/** The statuses for errors of Node's HTTP parser, by their code. Any other error is invalid HTTP (400). */
const STATUSES: Readonly<Record<string, keyof typeof REFUSALS>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** The security headers for these responses, for which Fastify runs no hooks. */
const SAFE_HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

/** Answers a request that Node cannot parse: headers that are too large or too slow, or invalid HTTP. */
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

/** Answers a request whose path cannot be routed: its percent-encoding is invalid, or it is too long. */
export function refuseAddress(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode = 400 } = error;
  const refusal = statusCode === 400 ? invalidAddress() : (refusalOf(statusCode) ?? invalidAddress());
  void reply
    .headers({ ...SAFE_HEADERS, 'X-Request-Id': request.id })
    .status(refusal.getStatus())
    .send(refusal.getResponse());
}
