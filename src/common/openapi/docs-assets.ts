import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { REFUSALS } from '../errors/refusals';

/** A file that the page of the document needs. */
export interface DocsAsset {
  readonly type: string;
  readonly content: Buffer;
}

/**
 * Starts Swagger UI: in a file of its own, since the page allows no script within it. Requests that are tried out go
 * to where the page came from, which is the only place that its policy lets them go to.
 */
const START = `window.onload = async () => {
  const document = await (await fetch('openapi.json')).json();
  const here = new URL('.', location.href).href.replace(/\\/$/, '');
  SwaggerUIBundle({
    spec: { ...document, servers: [{ url: here, description: 'Where this page came from.' }] },
    dom_id: '#swagger-ui',
    deepLinking: true,
    displayRequestDuration: true,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
  });
};
`;

const TYPES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** Swagger UI's files, from its package: read once, and no others. */
@Injectable()
export class DocsAssets {
  private readonly directory = dirname(require.resolve('swagger-ui-dist/package.json'));
  private readonly read = new Map<string, Promise<Buffer>>();

  /** @throws ApiError 404 for a file that the page doesn't need. */
  async find(name: string): Promise<DocsAsset> {
    if (name === 'start.js') return { type: 'text/javascript; charset=utf-8', content: Buffer.from(START) };
    const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
    if (type === undefined) throw REFUSALS[404]();
    const content = this.read.get(name) ?? readFile(join(this.directory, name));
    this.read.set(name, content);
    return { type, content: await content };
  }
}

/** The page of the document. Its addresses are relative, so that it works behind any path. */
export const DOCS_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>API</title>
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <noscript>This page needs JavaScript. The same in JSON: <a href="openapi.json">openapi.json</a></noscript>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

/** Nothing but our own files; Swagger UI sets styles on its elements, and its pictures are in its style sheet. */
export const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
