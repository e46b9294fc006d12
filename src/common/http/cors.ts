import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const STOREFRONT = 'storefront';
const PREFLIGHT_SECONDS = 600;

/**
 * Allows pages of these origins (`*`: any) to call the storefront routes, and no other routes. Without origins, no CORS
 * headers are sent. Must be called before the routes are registered.
 */
export function allowOrigins(app: NestFastifyApplication, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const allowed = {
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['Content-Type', 'Idempotency-Key', 'X-Request-Id'],
    exposedHeaders: ['X-Request-Id', 'Retry-After', 'Idempotent-Replayed'],
    maxAge: PREFLIGHT_SECONDS,
    strictPreflight: false,
  };
  app.enableCors({
    delegator: (request: FastifyRequest, done) => {
      done(null, request.routeOptions.config.access === STOREFRONT ? allowed : { origin: false });
    },
  });
  addPreflightRoutes(app.getHttpAdapter().getInstance());
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
