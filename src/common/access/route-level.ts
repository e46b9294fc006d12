import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route's @Access level, for hooks that run before Nest. */
    access?: string;
    /** The scope that a key needs for a secret route. */
    scope?: string | undefined;
  }
}

/** Sets the access level and the scope in the configuration of Fastify's route; on a class, of all methods without their own. */
export const SetFastifyAccess =
  (access: string, scope?: string): MethodDecorator & ClassDecorator =>
  (target: object, _?: string | symbol, method?: PropertyDescriptor) => {
    const setLevel = RouteConfig({ access, scope });
    if (method !== undefined) {
      setLevel(target, '', method);
      return;
    }
    const { prototype } = target as { prototype: object };
    for (const descriptor of Object.values(Object.getOwnPropertyDescriptors(prototype))) {
      const value: unknown = descriptor.value;
      if (typeof value === 'function' && !Reflect.hasMetadata(FASTIFY_ROUTE_CONFIG_METADATA, value))
        setLevel(prototype, '', descriptor);
    }
  };
