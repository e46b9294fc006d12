import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { REFUSALS } from '../errors/refusals';
import { CachedContent } from '../http/cached-content';

/** A file that the documentation page needs. */
export interface DocsAsset {
  readonly type: string;
  readonly content: CachedContent;
}

/**
 * The script that starts Swagger UI. It is a file, because the page's Content-Security-Policy allows no inline scripts.
 * Requests that are tried out go to the origin of the page, the only one that the policy allows.
 */
const START = new CachedContent(`window.onload = async () => {
  const document = await (await fetch('openapi.json')).json();
  const here = new URL('.', location.href).href.replace(/\\/$/, '');
  SwaggerUIBundle({
    spec: { ...document, servers: [{ url: here, description: 'The origin of this page.' }] },
    dom_id: '#swagger-ui',
    deepLinking: true,
    displayRequestDuration: true,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
  });
};
`);

const TYPES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** Serves the files of Swagger UI that the page needs, and no others. Each is read once from its package. */
@Injectable()
export class DocsAssets {
  private readonly directory = dirname(require.resolve('swagger-ui-dist/package.json'));
  private readonly read = new Map<string, Promise<CachedContent>>();

  /** @throws ApiError 404 for a file that the page doesn't need. */
  async find(name: string): Promise<DocsAsset> {
    if (name === 'start.js') return { type: 'text/javascript; charset=utf-8', content: START };
    const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
    if (type === undefined) throw REFUSALS[404]();
    const content =
      this.read.get(name) ?? readFile(join(this.directory, name)).then((bytes) => new CachedContent(bytes));
    this.read.set(name, content);
    return { type, content: await content };
  }
}

/** The documentation page. Its URLs are relative, so that it works below any path. */
export const DOCS_PAGE = new CachedContent(`<!doctype html>
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
    <noscript>This page needs JavaScript. The document as JSON: <a href="openapi.json">openapi.json</a></noscript>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`);

/** The page's Content-Security-Policy: own files only. Swagger UI needs inline styles and images as data URLs. */
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
