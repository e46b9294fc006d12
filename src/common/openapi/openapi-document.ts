import { type INestApplication, Injectable } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { SECRET_KEY_SCHEME } from '../access/access.decorator';
import { CachedContent } from '../http/cached-content';
import { VERSION } from '../version';
import { completeDocument } from './complete-document';
import { ErrorAnswer } from './error-answer';
import { TAGS } from './tags';

/** Name and public address of the service in the document. */
export interface ServiceDescription {
  readonly name: string;
  readonly publicUrl: string;
}

const DESCRIPTION = `Sells through Appmax: merchants install the app, shoppers pay by card, Pix and boleto, and every order's
status follows Appmax's webhooks.

\`{key}\` in a path is a merchant's \`external_key\`. Amounts are whole cents. Unknown fields of a body are ignored, and a
null or blank field counts as missing; blanks around values are removed. Query parameters that a route does not have are refused; public routes ignore
them. Every error has a \`message\`; if fields of a body or query parameters are not valid, \`errors\` lists them with their paths.

This document is at [/openapi.json](openapi.json), and as a page at [/docs](docs).`;

/** Generates the OpenAPI document from the routes of the application when it is first asked for, and keeps it. */
@Injectable()
export class OpenApiDocument {
  private json: CachedContent | undefined;
  private generate = (): CachedContent => new CachedContent('');

  /** The document as JSON. */
  get content(): CachedContent {
    this.json ??= this.generate();
    return this.json;
  }

  /** Sets the application whose routes the document describes. Most instances never serve it. */
  describe(app: INestApplication, service: ServiceDescription): void {
    this.generate = () => new CachedContent(JSON.stringify(createDocument(app, service)));
  }
}

function createDocument(app: INestApplication, { name, publicUrl }: ServiceDescription): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(name)
    .setDescription(DESCRIPTION)
    .setVersion(VERSION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer(publicUrl, 'This service.')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'secret key',
        description:
          "One of the service's secret keys, for the merchant's own servers only: `Authorization: Bearer …`.",
      },
      SECRET_KEY_SCHEME,
    );
  for (const [tag, text] of Object.entries(TAGS)) builder.addTag(tag, text);
  return completeDocument(
    SwaggerModule.createDocument(app, builder.build(), {
      extraModels: [ErrorAnswer],
      autoTagControllers: false,
    }),
  );
}
