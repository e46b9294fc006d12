import { Module } from '@nestjs/common';
import { DocsController } from './docs.controller';
import { DocsAssets } from './docs-assets';
import { OpenApiDocument } from './openapi-document';

/** Generates and serves the OpenAPI document. */
@Module({
  controllers: [DocsController],
  providers: [DocsAssets, OpenApiDocument],
  exports: [OpenApiDocument],
})
export class OpenApiModule {}
