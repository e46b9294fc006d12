import { applyDecorators, RequestMethod, UseInterceptors } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import { DocumentsErrors } from '../common/openapi/operation';
import { invalidKey, keyInUse, keyUsedOtherwise } from './errors';
import { ANSWER_NOT_KEPT, IdempotencyInterceptor } from './idempotency.interceptor';

const documented = applyDecorators(
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'A key of your choice for this request. If the request is repeated with the same key and body within 24 hours, it is executed once and gets the first answer again.',
    schema: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      pattern: '^[!-~]+$',
      examples: ['order-4711-attempt-1'],
    },
  }),
  ApiResponse({
    status: 200,
    headers: {
      'Idempotent-Replayed': {
        description: '`true` if this is the answer to an earlier request with the same key.',
        schema: { type: 'string', examples: ['true'] },
      },
    },
  }),
  DocumentsErrors(invalidKey(), keyInUse(), keyUsedOtherwise()),
);

/** Decorates a controller whose POST routes accept an Idempotency-Key, except those with {@link ANSWER_NOT_KEPT}. */
export const Idempotent = (): ClassDecorator => (target) => {
  UseInterceptors(IdempotencyInterceptor)(target);
  const methods = Object.entries(Object.getOwnPropertyDescriptors(target.prototype as object));
  for (const [name, descriptor] of methods) {
    const method: unknown = descriptor.value;
    if (typeof method !== 'function') continue;
    const isPost = Reflect.getMetadata(METHOD_METADATA, method) === RequestMethod.POST;
    if (isPost && !Reflect.hasMetadata(ANSWER_NOT_KEPT, method))
      documented(target.prototype as object, name, descriptor);
  }
};
