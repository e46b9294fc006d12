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
  /** Renders the page for a successful answer. */
  readonly answer?: Template;
  /** Renders the page for a missing parameter, from the known ones. */
  readonly missing?: (parameters: MissingParameter['known']) => string;
  /** True if all clients get the page, not only browsers. */
  readonly always?: boolean;
}

const PAGES = 'browser-pages';

/** Makes a route answer browsers (`Accept: text/html`) with pages instead of JSON. */
export const BrowserPages = (pages: Pages): CustomDecorator => SetMetadata(PAGES, pages);

/** Makes a route answer browsers with a page for its successful answer instead of JSON. */
export const BrowserPage = (template: Template): CustomDecorator => BrowserPages({ answer: template });

/** Returns true if the Accept header starts with HTML, as browsers send it. */
export function wantsPage(accept: string | undefined): boolean {
  return /^\s*(text\/html|application\/xhtml\+xml)/i.test(accept ?? '');
}

/** Renders the pages that {@link BrowserPages} declares. */
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
