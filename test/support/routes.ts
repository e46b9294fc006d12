import type { NestFastifyApplication } from '@nestjs/platform-fastify';

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
