import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);

/**
 * Returns the OpenAPI document of the built service. Nest's preview mode makes no instances, so that no database is
 * needed.
 */
export async function readDocument() {
  require('reflect-metadata');
  const { NestFactory } = require('@nestjs/core');
  const built = (name) => require(join(root, 'dist', 'src', name));
  const config = built('config').parseConfig({ APP_ENV: 'local', DB_CONNECTION: 'embedded' });
  const app = await NestFactory.create(
    built('app.module').AppModule.forRoot(config),
    built('app.setup').fastifyAdapter(config),
    { preview: true, logger: ['error'], abortOnError: false },
  );
  const { OpenApiDocument } = built('common/openapi/openapi-document');
  const document = new OpenApiDocument();
  document.describe(app, { name: config.appName, publicUrl: config.publicUrl });
  return JSON.parse(document.content.bytes.toString());
}
