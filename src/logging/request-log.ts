import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { traceIdOf } from '../common/tracing/request-trace';
import { loggableRequest } from './logger-options';

/**
 * Writes one line for each request that is answered, or whose client has gone: `info`, for a 5xx `error`. A level that is
 * not logged costs no work.
 */
export function logRequests(fastify: FastifyInstance, log: Logger): void {
  if (log.isLevelEnabled('info')) logAll(fastify, log);
  else if (log.isLevelEnabled('error')) logFailures(fastify, log);
}

function logAll(fastify: FastifyInstance, log: Logger): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const startedAt = performance.now();
    reply.raw.once('close', () => {
      write(log, request, reply.raw.statusCode, performance.now() - startedAt);
    });
    done();
  });
}

/** A client that has gone gets no 5xx, so that only answers must be looked at. */
function logFailures(fastify: FastifyInstance, log: Logger): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    if (reply.statusCode >= 500) write(log, request, reply.statusCode, reply.elapsedTime);
    done();
  });
}

function write(log: Logger, request: FastifyRequest, statusCode: number, milliseconds: number): void {
  const req = loggableRequest(request);
  const traceId = traceIdOf(request);
  log[statusCode >= 500 ? 'error' : 'info'](
    {
      req,
      res: { statusCode },
      responseTime: Math.round(milliseconds),
      ...(traceId === undefined ? {} : { trace_id: traceId }),
    },
    `${req.method} ${req.path} ${statusCode}`,
  );
}
