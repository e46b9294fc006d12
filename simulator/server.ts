import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { ApiError, errorAnswer } from './appmax/api-error';
import { registerAppmaxApi } from './appmax/appmax-api';
import { callOf } from './appmax/call-context';
import { registerControlApi } from './control/control-api';
import { ControlError } from './control/control-error';
import { type SimulatorEnvironment } from './environment';
import { registerConsentRoutes } from './installation/consent-routes';
import { registerAssets } from './pages/assets';
import { closeSimulator, createSimulator, type Simulator } from './simulator';

/** A simulator that listens. */
export interface RunningSimulator {
  readonly simulator: Simulator;
  /** `http://host:port`. */
  readonly origin: string;
  /** Stops at once, whatever is under way. */
  close(): Promise<void>;
}

function registerParsers(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('ignore', 'ignore');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parseJson(request, body as string, done);
  });
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(body as string)));
    },
  );
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

function answerError(
  simulator: Simulator,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof ApiError) {
    const generation = callOf(request)?.generation ?? simulator.settings.api;
    const { status, body } = errorAnswer(error, generation, simulator.settings.error_form);
    return reply.code(status).send(body);
  }
  if (error instanceof ControlError) return reply.code(error.status).send({ message: error.message });
  const status = statusOf(error);
  if (status === 500) console.error(error);
  return reply
    .code(status)
    .send({ message: error instanceof Error && status < 500 ? error.message : 'Server Error' });
}

/** Puts the HTTP side on a simulator. */
function buildServer(simulator: Simulator): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 1_048_576 });
  registerParsers(app);
  app.setErrorHandler((error, request, reply) => answerError(simulator, error, request, reply));
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: 'Not Found' }));
  void app.register((scope, _options, done) => {
    registerAppmaxApi(scope, simulator);
    done();
  });
  void app.register(
    (scope, _options, done) => {
      registerControlApi(scope, simulator);
      done();
    },
    { prefix: '/_simulator' },
  );
  registerConsentRoutes(app, simulator);
  registerAssets(app);
  return app;
}

/**
 * Starts a simulator.
 * @throws the system's own error when it can't listen, `EADDRINUSE` when the port is taken
 */
export async function startSimulator(environment: SimulatorEnvironment): Promise<RunningSimulator> {
  const simulator = createSimulator(environment);
  const app = buildServer(simulator);
  try {
    await app.listen({ host: environment.SIMULATOR_HOST, port: environment.SIMULATOR_PORT });
  } catch (error) {
    await closeSimulator(simulator);
    throw error;
  }
  const address = app.addresses()[0];
  const host = environment.SIMULATOR_HOST.includes(':')
    ? `[${environment.SIMULATOR_HOST}]`
    : environment.SIMULATOR_HOST;
  const origin = `http://${host}:${address?.port ?? environment.SIMULATOR_PORT}`;
  simulator.listening.origin = origin;
  const close = async (): Promise<void> => {
    await Promise.all([app.close(), closeSimulator(simulator)]);
  };
  return { simulator, origin, close };
}
