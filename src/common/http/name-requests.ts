import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { requestIdFrom, runInRequestContext } from './request-context';

/**
 * Gives each request its id before Fastify sees it, and answers with it: Fastify runs no hooks for an address that it
 * can't read. The id takes the place of the header that it comes from.
 */
export function nameRequests(fastify: FastifyInstance): void {
  fastify.server.prependListener('request', ({ headers }: IncomingMessage, response: ServerResponse) => {
    const requestId = requestIdFrom(headers['x-request-id']);
    headers['x-request-id'] = requestId;
    response.setHeader('X-Request-Id', requestId);
  });
  fastify.addHook('onRequest', (request, _, done) => {
    runInRequestContext(request.id, done);
  });
}
