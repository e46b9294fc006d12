import { type FastifyInstance } from 'fastify';

/**
 * Refuses forms and calls that another site's page has a developer's browser send: a browser says so itself, and
 * other programs don't send the header.
 */
export function registerOwnPagesOnly(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.method !== 'GET' && request.headers['sec-fetch-site'] === 'cross-site') {
      reply.code(403).send({ message: 'cross-site requests are refused' });
      return;
    }
    done();
  });
}
