import { Controller, Get, Header, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access, WithoutDatabase } from '../../common/access/access.decorator';
import { type CachedContent, SendsCachedContent } from '../../common/http/cached-content';
import { type Language, readerLanguage } from '../../common/http/preferences';
import { WEB_PATH, WebFiles } from '../../common/http/web-files';
import { CONFIG, type Config } from '../../config';
import { payPage, payPagePolicy } from './pay-page';

/** Serves the payment page of a session, and the built browser code. */
@Controller()
@Access('public')
@WithoutDatabase()
@ApiExcludeController()
export class PayPageController {
  private readonly policy: string;

  constructor(
    private readonly files: WebFiles,
    @Inject(CONFIG) { appmax }: Config,
  ) {
    this.policy = payPagePolicy(appmax);
  }

  @Get('pay/:session')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Referrer-Policy', 'no-referrer')
  @Header('X-Content-Type-Options', 'nosniff')
  @Header('Vary', 'Accept-Language')
  page(
    @Param('session') session: string,
    @Query('lang') wanted: unknown,
    @Headers('accept-language') acceptLanguage: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    void reply.header('Content-Security-Policy', this.policy);
    return payPage(session, this.files.pageFiles('checkout/main.tsx'), languageOf(wanted, acceptLanguage));
  }

  @Get(`${WEB_PATH}/:file`)
  @SendsCachedContent()
  @Header('Cache-Control', 'public, max-age=31536000, immutable')
  @Header('X-Content-Type-Options', 'nosniff')
  async file(
    @Param('file') name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CachedContent> {
    const { type, content } = await this.files.find(name);
    void reply.type(type);
    return content;
  }
}

/** Chooses the language of the page: `?lang=`, then that of the browser, then Portuguese. */
function languageOf(wanted: unknown, acceptLanguage: string | undefined): Language {
  const named = typeof wanted === 'string' ? readerLanguage(wanted) : undefined;
  return named ?? readerLanguage(acceptLanguage) ?? 'pt-BR';
}
