import { type FastifyInstance } from 'fastify';
import { stylesheet } from './stylesheet';

/** Registers the stylesheet of all pages. */
export function registerAssets(app: FastifyInstance): void {
  app.get('/assets/simulator.css', (_request, reply) =>
    reply
      .headers({ 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=300' })
      .send(stylesheet),
  );
}
