import { Module } from '@nestjs/common';
import { DocsAssets } from './docs-assets';
import { DocsController } from './docs.controller';
import { OpenApiDocument } from './openapi-document';

/** Generates and serves the OpenAPI document. */
@Module({
  controllers: [DocsController],
  providers: [DocsAssets, OpenApiDocument],
  exports: [OpenApiDocument],
})
export class OpenApiModule {}
