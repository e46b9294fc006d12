import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { requestIdFrom, runInRequestContext } from '../request-context';

/**
 * Sets the id of each request and its response, before Fastify handles it: Fastify runs no hooks for an invalid path.
 * The id replaces the request's own X-Request-Id header.
 */
export function assignRequestIds(fastify: FastifyInstance): void {
  fastify.server.prependListener('request', ({ headers }: IncomingMessage, response: ServerResponse) => {
    const requestId = requestIdFrom(headers['x-request-id']);
    headers['x-request-id'] = requestId;
    response.setHeader('X-Request-Id', requestId);
  });
  fastify.addHook('onRequest', (request, _, done) => {
    runInRequestContext(request.id, done, request.method === 'HEAD');
  });
}
