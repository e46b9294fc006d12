import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route declares with @Access, for what happens before Nest is reached. */
    access?: string;
  }
}

/** Notes on Fastify's routes, too, who may call them. On a class, on those of its methods that have no note of their own. */
export const TellFastify =
  (access: string): MethodDecorator & ClassDecorator =>
  (target: object, _?: string | symbol, method?: PropertyDescriptor) => {
    const note = RouteConfig({ access });
    if (method !== undefined) {
      note(target, '', method);
      return;
    }
    const { prototype } = target as { prototype: object };
    for (const descriptor of Object.values(Object.getOwnPropertyDescriptors(prototype))) {
      const value: unknown = descriptor.value;
      if (typeof value === 'function' && !Reflect.hasMetadata(FASTIFY_ROUTE_CONFIG_METADATA, value))
        note(prototype, '', descriptor);
    }
  };
