import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { loggableRequest } from './logger-options';

/**
 * Writes one line for each request that is answered, or whose client has gone: `info`, for a 5xx `error`. A level that is
 * not logged costs no work.
 */
export function logRequests(fastify: FastifyInstance, log: Logger): void {
  const isLogged = { info: log.isLevelEnabled('info'), error: log.isLevelEnabled('error') };
  if (!isLogged.error) return;
  fastify.addHook('onRequest', (request, reply, done) => {
    const startedAt = performance.now();
    reply.raw.once('close', () => {
      const { statusCode } = reply.raw;
      const level = statusCode >= 500 ? 'error' : 'info';
      if (!isLogged[level]) return;
      const req = loggableRequest(request);
      log[level](
        { req, res: { statusCode }, responseTime: Math.round(performance.now() - startedAt) },
        `${req.method} ${req.path} ${statusCode}`,
      );
    });
    done();
  });
}
