import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/**
 * Notes every route that Fastify will have, whoever makes it, with what it declares of its access. Call it before the
 * application is started.
 */
export function noteRoutes(app: NestFastifyApplication): Map<string, string | undefined> {
  const routes = new Map<string, string | undefined>();
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', ({ method, url, config }) => {
      for (const name of [method].flat()) routes.set(`${name} ${url}`, config?.access);
    });
  return routes;
}
