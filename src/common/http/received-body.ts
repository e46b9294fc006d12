import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { RequestWithText } from './json-body';

/** Injects the parsed request body and its original text. */
export const ReceivedBody = createParamDecorator(
  (_: unknown, context: ExecutionContext): { body: unknown; text: string } => {
    const { body, bodyText = '' } = context.switchToHttp().getRequest<RequestWithText>();
    return { body, text: bodyText };
  },
);
