import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { requestIdFrom, runInRequestContext } from '../request-context';

/**
 * Sends the id of each request with its answer, and runs the request in its context. Fastify has assigned the id. It runs
 * no hooks for a path with invalid percent-encoding, or while the service stops; such answers get their ids before. Not
 * all do, because a header on Node's response makes Node merge all headers of the answer one by one.
 *
 * @param withoutContext the paths of routes whose work reads no context. Up to Node 22 a context makes every promise of
 * the process more expensive as long as one is in use, and these are the routes that get the most requests.
 */
export function assignRequestIds(fastify: FastifyInstance, withoutContext: readonly string[] = []): void {
  const routesWithout = new Set(withoutContext);
  let isStopping = false;
  fastify.addHook('preClose', (done) => {
    isStopping = true;
    done();
  });
  fastify.server.prependListener('request', ({ headers, url }: IncomingMessage, response: ServerResponse) => {
    if (!isStopping && url?.includes('%') !== true) return;
    headers['x-request-id'] = requestIdFrom(headers['x-request-id']);
    response.setHeader('X-Request-Id', headers['x-request-id']);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    if (routesWithout.has(request.routeOptions.url ?? '')) done();
    else runInRequestContext(request, done);
  });
}
