import { type FastifyInstance } from 'fastify';

/**
 * Refuses forms and calls that a page of another site makes a developer's browser send. Browsers mark them with the
 * header `Sec-Fetch-Site`, which other programs don't send.
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
