import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

const HEADER = 'Last-Event-ID';

const read = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const value = context.switchToHttp().getRequest<FastifyRequest>().headers[HEADER.toLowerCase()];
  return typeof value === 'string' ? value : undefined;
});

/** Injects the id of the last event that a client has seen; undefined at the first connection. */
export const LastEventId = (): ParameterDecorator => (target, method, index) => {
  read()(target, method, index);
  const descriptor = Object.getOwnPropertyDescriptor(target, method ?? '');
  if (method === undefined || descriptor === undefined) return;
  ApiHeader({
    name: HEADER,
    required: false,
    description: 'The id of the last event that was received, to get the changes since then.',
    schema: { type: 'string', examples: ['42'] },
  })(target, method, descriptor);
};
