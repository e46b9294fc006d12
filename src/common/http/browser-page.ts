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
import { catchError, map, type Observable } from 'rxjs';
import { ApiError } from '../errors/api-error';
import { MissingParameter, PageInstead } from './page-instead';
import { PAGE_HEADERS, page } from './page';

type Template = (answer: never) => string;

interface Pages {
  /** Makes a page of the answer. */
  readonly answer?: Template;
  /** Makes a page of what is known, where a parameter is missing. */
  readonly missing?: (parameters: MissingParameter['known']) => string;
  /** Whether other clients get the page, too. */
  readonly always?: boolean;
}

const PAGES = 'browser-pages';

/** Gives a browser (`Accept: text/html`) pages where other clients get JSON. */
export const BrowserPages = (pages: Pages): CustomDecorator => SetMetadata(PAGES, pages);

/** Gives a browser a page of the answer that other clients get as JSON. */
export const BrowserPage = (template: Template): CustomDecorator => BrowserPages({ answer: template });

/** Whether the client asks for a page before all: browsers name text/html first. */
export function wantsPage(accept: string | undefined): boolean {
  return /^\s*(text\/html|application\/xhtml\+xml)/i.test(accept ?? '');
}

/** Does what {@link BrowserPages} declares. */
@Injectable()
export class BrowserPageInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const pages = this.reflector.get<Pages | undefined>(PAGES, context.getHandler());
    const http = context.switchToHttp();
    const { accept } = http.getRequest<FastifyRequest>().headers;
    if (pages === undefined || !(pages.always === true || wantsPage(accept))) return next.handle();
    const { answer: template } = pages;
    return next.handle().pipe(
      map((answer) => {
        if (template === undefined) return answer as unknown;
        void http.getResponse<FastifyReply>().headers(PAGE_HEADERS);
        return template(answer as never);
      }),
      catchError((error: unknown) => {
        throw error instanceof ApiError ? pageInstead(error, pages) : error;
      }),
    );
  }
}

function pageInstead(error: ApiError, { missing }: Pages): PageInstead {
  if (error instanceof MissingParameter && missing !== undefined)
    return new PageInstead(200, missing(error.known));
  return new PageInstead(error.getStatus(), page('This did not work', [error.message]), error.headers);
}
