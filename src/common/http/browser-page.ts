import {
  Injectable,
  SetMetadata,
  type CallHandler,
  type CustomDecorator,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';

type Template = (answer: never) => string;

const TEMPLATE = 'browser-page';

/** Gives a browser (`Accept: text/html`) a page of the answer that other clients get as JSON. */
export const BrowserPage = (template: Template): CustomDecorator => SetMetadata(TEMPLATE, template);

/** Whether the client asks for a page before all: browsers name text/html first. */
export function wantsPage(accept: string | undefined): boolean {
  return /^\s*(text\/html|application\/xhtml\+xml)/i.test(accept ?? '');
}

/** Does what {@link BrowserPage} declares. */
@Injectable()
export class BrowserPageInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const template = this.reflector.get<Template | undefined>(TEMPLATE, context.getHandler());
    const http = context.switchToHttp();
    if (template === undefined || !wantsPage(http.getRequest<FastifyRequest>().headers.accept))
      return next.handle();
    void http.getResponse<FastifyReply>().type('text/html; charset=utf-8').header('Vary', 'Accept');
    return next.handle().pipe(map((answer) => template(answer as never)));
  }
}
