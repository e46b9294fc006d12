import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';

/** Reads what the decorators of a route declare, once per route: of its handler or, without one there, of its class. */
export class RouteMetadata<Value> {
  private readonly known = new WeakMap<object, { readonly type: object; readonly value: Value }>();

  /** @param read returns the value of a route by its decorators' metadata keys. */
  constructor(
    private readonly reflector: Reflector,
    private readonly read: (declared: (name: string) => unknown) => Value,
  ) {}

  /** Returns the value of the route that a request is for. */
  of(context: ExecutionContext): Value {
    const handler = context.getHandler();
    const type = context.getClass();
    const known = this.known.get(handler);
    // Two controllers may inherit one handler.
    if (known?.type === type) return known.value;
    const value = this.read((name) => this.reflector.getAllAndOverride<unknown>(name, [handler, type]));
    this.known.set(handler, { type, value });
    return value;
  }
}
