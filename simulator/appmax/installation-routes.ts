import { type FastifyInstance } from 'fastify';
import { authorize, generate } from '../installation/installing';
import { type Simulator } from '../simulator';
import { appRoute } from './route';

/** Registers the routes that need the app-level token. */
export function registerInstallationRoutes(app: FastifyInstance, simulator: Simulator): void {
  app.post(
    '/app/authorize',
    appRoute(simulator, (body) => authorize(simulator, body)),
  );
  app.post(
    '/app/client/generate',
    appRoute(simulator, (body) => generate(simulator, body)),
  );
}
