import { Controller, Get, Header, Param, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access, WithoutDatabase } from '../access/access.decorator';
import { type CachedContent, SendsCachedContent } from '../http/cached-content';
import { DOCS_PAGE, DOCS_POLICY, DocsAssets } from './docs-assets';
import { OpenApiDocument } from './openapi-document';
import { Operation } from './operation';
import type { Tag } from './tags';

/** Serves the OpenAPI document as JSON and as a page. */
@Controller()
@Access('public')
@WithoutDatabase()
@ApiTags('Documentation' satisfies Tag)
export class DocsController {
  constructor(
    private readonly document: OpenApiDocument,
    private readonly assets: DocsAssets,
  ) {}

  @Get('openapi.json')
  @SendsCachedContent()
  @Header('Content-Type', 'application/json; charset=utf-8')
  @Operation({ id: 'getOpenApiDocument', summary: 'This document' })
  @ApiResponse({
    status: 200,
    description: 'OpenAPI 3.1.',
    content: { 'application/json': { schema: { type: 'object', additionalProperties: true } } },
  })
  openApi(): CachedContent {
    return this.document.content;
  }

  @Get('docs')
  @SendsCachedContent()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', DOCS_POLICY)
  @Header('X-Content-Type-Options', 'nosniff')
  @ApiExcludeEndpoint()
  page(): CachedContent {
    return DOCS_PAGE;
  }

  @Get('docs/:file')
  @SendsCachedContent()
  @Header('Cache-Control', 'public, max-age=3600')
  @Header('X-Content-Type-Options', 'nosniff')
  @ApiExcludeEndpoint()
  async file(
    @Param('file') name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CachedContent> {
    const { type, content } = await this.assets.find(name);
    void reply.type(type);
    return content;
  }
}
