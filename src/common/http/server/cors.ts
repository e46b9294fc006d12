import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const STOREFRONT = 'storefront';
const PREFLIGHT_SECONDS = 600;

/** The headers that every preflight allows. */
const HEADERS: readonly string[] = ['Content-Type', 'Idempotency-Key', 'X-Request-Id'];

/** Headers that are allowed if a preflight asks for them: fetch-based SSE clients and tracing libraries send them. */
const HEADERS_ON_REQUEST: readonly string[] = [
  'Accept',
  'Accept-Language',
  'Baggage',
  'Cache-Control',
  'Content-Language',
  'Expires',
  'If-Modified-Since',
  'If-None-Match',
  'Last-Event-ID',
  'Pragma',
  'Sentry-Trace',
  'Traceparent',
  'Tracestate',
  'X-Requested-With',
];

/**
 * Allows pages of these origins (`*`: any) to call the storefront routes, and no other routes. Without origins, no CORS
 * headers are sent. Must be called before the routes are registered.
 */
export function allowOrigins(app: NestFastifyApplication, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const allowed = {
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'POST'],
    exposedHeaders: ['X-Request-Id', 'Retry-After', 'Idempotent-Replayed'],
    maxAge: PREFLIGHT_SECONDS,
    strictPreflight: false,
  };
  app.enableCors({
    delegator: (request: FastifyRequest, done) => {
      const isOpen = request.routeOptions.config.access === STOREFRONT;
      done(null, isOpen ? { ...allowed, allowedHeaders: allowedHeaders(request) } : { origin: false });
    },
  });
  addPreflightRoutes(app.getHttpAdapter().getInstance());
}

/** Returns the headers that a preflight allows; names are compared without case. */
function allowedHeaders({ headers }: FastifyRequest): string[] {
  const asked = [headers['access-control-request-headers'] ?? []].flat().join(',').toLowerCase().split(',');
  const names = new Set(asked.map((name) => name.trim()));
  return [...HEADERS, ...HEADERS_ON_REQUEST.filter((name) => names.has(name.toLowerCase()))];
}

/** Adds an OPTIONS route for each storefront route, so that a preflight request gets the same access level. */
function addPreflightRoutes(fastify: FastifyInstance): void {
  const added = new Set<string>();
  fastify.addHook('onRoute', ({ url, config }) => {
    if (config?.access !== STOREFRONT || added.has(url)) return;
    added.add(url);
    fastify.options(url, { config: { access: STOREFRONT } }, (_, reply) => reply.status(204).send());
  });
}
