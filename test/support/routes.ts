import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** A route as it is registered at Fastify. */
export interface DeclaredRoute {
  readonly access: string | undefined;
  readonly scope: string | undefined;
}

/** Records every route with its access and, for a secret route, its scope. Call it before the application starts. */
export function recordDeclarations(app: NestFastifyApplication): Map<string, DeclaredRoute> {
  const routes = new Map<string, DeclaredRoute>();
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', ({ method, url, config }) => {
      for (const name of [method].flat())
        routes.set(`${name} ${url}`, { access: config?.access, scope: config?.scope });
    });
  return routes;
}

/**
 * Records every route that is registered at Fastify, with the access that it declares. Call it before the application
 * starts.
 */
export function recordRoutes(app: NestFastifyApplication): Map<string, string | undefined> {
  const routes = new Map<string, string | undefined>();
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', ({ method, url, config }) => {
      for (const name of [method].flat()) routes.set(`${name} ${url}`, config?.access);
    });
  return routes;
}
