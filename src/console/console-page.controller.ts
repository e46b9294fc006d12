import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access, WithoutDatabase } from '../common/access/access.decorator';
import { readerLanguage } from '../common/http/preferences';
import { WebFiles } from '../common/http/web-files';
import { CONSOLE_HEADERS, consolePage } from './console-page';

/** Serves the console's document for each of its views: the script reads the view from the path. */
@Controller('console')
@Access('public')
@WithoutDatabase()
@ApiExcludeController()
export class ConsolePageController {
  constructor(private readonly files: WebFiles) {}

  @Get(['', '*'])
  page(
    @Query('lang') wanted: unknown,
    @Headers('accept-language') acceptLanguage: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    const named = typeof wanted === 'string' ? readerLanguage(wanted) : undefined;
    void reply.headers(CONSOLE_HEADERS);
    return consolePage(
      this.files.pageFiles('console/main.tsx'),
      named ?? readerLanguage(acceptLanguage) ?? 'pt-BR',
    );
  }
}
