import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, map, type Observable } from 'rxjs';
import { ApiError } from '../errors/api-error';
import { isRecord } from '../is-record';
import { CachedContent, CachedContentInterceptor } from './cached-content';
import { LOCALISED_PAGE_HEADERS, page, PAGE_HEADERS } from './page';
import { MissingParameter, PageInstead } from './page-instead';
import { type Language, readerLanguage, wantsPage } from './preferences';

/** The reader's language; undefined if the reader prefers neither Portuguese nor English, or the pages are English only. */
type ReaderLanguage = Language | undefined;

type Template = (answer: never, language: ReaderLanguage) => string;

interface Pages {
  /** Renders the page for a successful answer. */
  readonly answer?: Template;
  /** Renders the page for a missing parameter, from the known ones. */
  readonly missing?: (parameters: MissingParameter['known'], language: ReaderLanguage) => string;
  /** Renders the page for another error; undefined for the page that all routes have. */
  readonly refusal?: (error: ApiError, language: ReaderLanguage) => string | undefined;
  /** True if all clients get the page, not only browsers. */
  readonly always?: boolean;
  /**
   * True if the page for a successful answer depends on nothing but the language. It is rendered once and sent as
   * {@link CachedContent}. A function decides it by the answer.
   */
  readonly constant?: boolean | ((answer: never) => boolean);
  /** True if the pages are in the language of `?lang=` or else of the reader. Otherwise they are in English. */
  readonly localised?: boolean;
}

const PAGES = 'browser-pages';

/** Makes a route answer browsers (`Accept: text/html`) with pages instead of JSON. */
export const BrowserPages = (pages: Pages): MethodDecorator & ClassDecorator =>
  applyDecorators(
    SetMetadata(PAGES, pages),
    UseInterceptors(CachedContentInterceptor, BrowserPageInterceptor),
  );

/** Makes a route answer browsers with a page for its successful answer instead of JSON. */
export const BrowserPage = (template: Template): MethodDecorator & ClassDecorator =>
  BrowserPages({ answer: template });

/** Renders the pages that {@link BrowserPages} declares. */
@Injectable()
export class BrowserPageInterceptor implements NestInterceptor {
  /** The constant pages, by their templates and languages. */
  private readonly rendered = new Map<Template, Map<ReaderLanguage, CachedContent>>();

  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const pages = this.reflector.get<Pages | undefined>(PAGES, context.getHandler());
    const http = context.switchToHttp();
    const { headers, query } = http.getRequest<FastifyRequest>();
    if (pages === undefined || !(pages.always === true || wantsPage(headers.accept))) return next.handle();
    const reader = readerOf(pages, query, headers['accept-language']);
    const { answer: template } = pages;
    return next.handle().pipe(
      map((answer) => {
        if (template === undefined) return answer as unknown;
        void http.getResponse<FastifyReply>().headers(reader.headers);
        const render = (): string => template(answer as never, reader.language);
        const { constant } = pages;
        const isConstant = typeof constant === 'function' ? constant(answer as never) : constant === true;
        return isConstant ? this.renderOnce(template, reader.language, render) : render();
      }),
      catchError((error: unknown) => {
        throw error instanceof ApiError ? pageInstead(error, pages, reader) : error;
      }),
    );
  }

  private renderOnce(template: Template, language: ReaderLanguage, render: () => string): CachedContent {
    const pages = this.rendered.get(template) ?? new Map<ReaderLanguage, CachedContent>();
    this.rendered.set(template, pages);
    const content = pages.get(language) ?? new CachedContent(render());
    pages.set(language, content);
    return content;
  }
}

/** The language in which a reader gets a page, and the page's headers. */
interface Reader {
  readonly language: ReaderLanguage;
  readonly headers: Readonly<Record<string, string>>;
}

function readerOf(pages: Pages, query: unknown, acceptLanguage: string | undefined): Reader {
  if (pages.localised !== true) return { language: undefined, headers: PAGE_HEADERS };
  const named = isRecord(query) && typeof query['lang'] === 'string' ? query['lang'] : undefined;
  const language = readerLanguage(named) ?? readerLanguage(acceptLanguage);
  return { language, headers: LOCALISED_PAGE_HEADERS };
}

function pageInstead(
  error: ApiError,
  { missing, refusal }: Pages,
  { language, headers }: Reader,
): PageInstead {
  if (error instanceof MissingParameter && missing !== undefined)
    return new PageInstead(200, missing(error.known, language), headers);
  const title = language === 'pt-BR' ? 'Não deu certo' : 'This did not work';
  const html = refusal?.(error, language) ?? page(title, [error.message], language);
  return new PageInstead(error.getStatus(), html, { ...error.headers, ...headers });
}
