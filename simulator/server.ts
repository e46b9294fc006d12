import Fastify, { type FastifyInstance } from 'fastify';
import { registerAppmaxApi } from './appmax/appmax-api';
import { registerBoletoRoutes } from './boleto/boleto-routes';
import { registerControlApi } from './control/control-api';
import { type SimulatorEnvironment } from './environment';
import { registerErrors } from './http/errors';
import { registerOwnHostsOnly } from './http/own-hosts-only';
import { registerOwnPagesOnly } from './http/own-pages-only';
import { registerParsers } from './http/parsers';
import { registerConsentRoutes } from './installation/consent-routes';
import { registerWebhookRegistration } from './installation/webhook-registration-routes';
import { registerForms } from './pages/form-routes';
import { registerAssets } from './pages/html/assets';
import { registerPages } from './pages/page-routes';
import { closeSimulator, createSimulator, type Simulator } from './simulator';

/** A simulator that accepts HTTP requests. */
export interface RunningSimulator {
  readonly simulator: Simulator;
  /** `http://host:port`. */
  readonly origin: string;
  /** Stops at once and aborts calls and webhooks in flight. */
  close(): Promise<void>;
}

type Registration = (app: FastifyInstance, simulator: Simulator) => void;

/** Registers routes in a scope of their own, so that their hooks do not apply to other routes. */
function inScope(
  app: FastifyInstance,
  simulator: Simulator,
  prefix: string,
  registrations: Registration[],
): void {
  void app.register(
    (scope, _options, done) => {
      for (const register of registrations) register(scope, simulator);
      done();
    },
    { prefix },
  );
}

/** Builds the HTTP server of a simulator. */
function buildServer(simulator: Simulator): FastifyInstance {
  const app = Fastify({
    forceCloseConnections: true,
    bodyLimit: 1_048_576,
    routerOptions: { maxParamLength: 1024 },
  });
  registerParsers(app);
  registerErrors(app, simulator);
  registerOwnHostsOnly(app, simulator);
  inScope(app, simulator, '', [registerAppmaxApi]);
  inScope(app, simulator, '/_simulator', [registerOwnPagesOnly, registerControlApi]);
  inScope(app, simulator, '', [
    registerOwnPagesOnly,
    registerConsentRoutes,
    registerWebhookRegistration,
    registerAssets,
    registerBoletoRoutes,
    registerPages,
    registerForms,
  ]);
  return app;
}

/**
 * Starts a simulator.
 * @throws the system's error if it can't listen, for example `EADDRINUSE` if the port is taken
 */
export async function startSimulator(environment: SimulatorEnvironment): Promise<RunningSimulator> {
  const simulator = createSimulator(environment);
  const app = buildServer(simulator);
  const { SIMULATOR_HOST, SIMULATOR_PORT } = environment;
  try {
    await app.listen({ host: SIMULATOR_HOST, port: SIMULATOR_PORT });
  } catch (error) {
    await closeSimulator(simulator);
    throw error;
  }
  const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);
  const port = app.addresses()[0]?.port ?? SIMULATOR_PORT;
  const origin = `http://${inUrl(SIMULATOR_HOST)}:${port}`;
  // A link to the address of all interfaces does not work.
  const isWildcard = SIMULATOR_HOST === '0.0.0.0' || SIMULATOR_HOST === '::';
  simulator.listening.origin = isWildcard ? `http://127.0.0.1:${port}` : origin;
  const close = async (): Promise<void> => {
    await Promise.all([app.close(), closeSimulator(simulator)]);
  };
  return { simulator, origin, close };
}
