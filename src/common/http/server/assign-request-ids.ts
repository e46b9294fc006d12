import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { requestIdFrom, runInRequestContext } from '../request-context';

/**
 * Sends the id of each request with its answer, and runs the request in its context. Fastify has assigned the id. The
 * answers to requests for which Fastify runs no hooks get their ids elsewhere: for an invalid path in `refuseAddress`,
 * and while the service stops before Fastify handles the request.
 */
export function assignRequestIds(fastify: FastifyInstance): void {
  let isStopping = false;
  fastify.addHook('preClose', (done) => {
    isStopping = true;
    done();
  });
  fastify.server.prependListener('request', ({ headers }: IncomingMessage, response: ServerResponse) => {
    if (!isStopping) return;
    headers['x-request-id'] = requestIdFrom(headers['x-request-id']);
    response.setHeader('X-Request-Id', headers['x-request-id']);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    runInRequestContext(request, done);
  });
}
