import { context, type Span, SpanStatusCode } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { startRequestSpan } from './spans';

/** Routes that probes and scrapers call every few seconds. */
const UNTRACED = /^\/(health|metrics)(\/|$)/;

const spans = new WeakMap<FastifyRequest, Span>();

/**
 * Makes a span for each request, and runs the request in its context. The span has the template of the route, never the
 * path or the query, which may contain keys and tokens. Must be called before all other hooks are added.
 */
export function traceRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const { url: route = 'none' } = request.routeOptions;
    if (UNTRACED.test(route)) {
      done();
      return;
    }
    const { span, context: ofSpan } = startRequestSpan(
      `${request.method} ${route}`,
      request.headers['traceparent'],
    );
    span.setAttributes({
      'http.request.method': request.method,
      'http.route': route,
      'appmax_checkout.request_id': request.id,
    });
    spans.set(request, span);
    reply.raw.once('close', () => {
      const { statusCode } = reply.raw;
      span.setAttribute('http.response.status_code', statusCode);
      if (statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    context.with(ofSpan, done);
  });
}

/** Returns the id of a request's trace; undefined without one. */
export function traceIdOf(request: FastifyRequest): string | undefined {
  return spans.get(request)?.spanContext().traceId;
}
