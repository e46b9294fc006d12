import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const STOREFRONT = 'storefront';
const PREFLIGHT_SECONDS = 600;

/**
 * Lets pages of these origins (`*`: any) call the storefront routes, and those alone. Without origins nothing is
 * allowed and nothing is said. Call it before the routes are made.
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
  takePreflights(app.getHttpAdapter().getInstance());
}

/** Gives each storefront route one for OPTIONS, so that a preflight meets the declaration of the route that it asks for. */
function takePreflights(fastify: FastifyInstance): void {
  const taken = new Set<string>();
  fastify.addHook('onRoute', ({ url, config }) => {
    if (config?.access !== STOREFRONT || taken.has(url)) return;
    taken.add(url);
    fastify.options(url, { config: { access: STOREFRONT } }, (_, reply) => reply.status(204).send());
  });
}
