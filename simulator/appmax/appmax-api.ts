import { randomBytes } from 'node:crypto';
import { type FastifyInstance } from 'fastify';
import { registerBrowserAccess, registerBrowserRoutes } from '../browser/browser-routes';
import { registerFaults } from '../faults/fault-hooks';
import { type Simulator } from '../simulator';
import { callOf, openCall } from './call-context';
import { registerInstallationRoutes } from './installation-routes';
import { limitRefusal } from './route';
import { registerTokenRoutes } from './token-routes';
import { registerV1Routes } from './v1-routes';

/** Makes the trace ids of this run of the simulator differ from those of other runs. */
const runId = randomBytes(4).toString('hex');
let calls = 0;

/** Registers the simulated API: the hooks of all calls, and the routes. */
export function registerAppmaxApi(app: FastifyInstance, simulator: Simulator): void {
  app.addHook('onRequest', (request, reply, done) => {
    const route = request.routeOptions.url ?? request.url;
    const { method, url: path } = request;
    const requestId = request.headers['x-request-id']?.toString();
    const traceparent = request.headers['traceparent']?.toString();
    const entry = simulator.requests.begin({ method, route, path, requestId, traceparent });
    openCall(request, { entry, startedAt: performance.now(), generation: null, fault: null });
    calls += 1;
    const trace = `${runId}${calls.toString(16).padStart(8, '0')}`;
    reply.headers({ 'cf-ray': `${trace}-GRU`, 'x-request-id': trace, 'x-trace-id': trace });
    const refusal = limitRefusal(simulator, simulator.limits.ofRoute(entry.route, request.ip), reply);
    done(refusal ?? undefined);
  });
  registerBrowserAccess(app);
  registerFaults(app, simulator);
  app.addHook('preValidation', (request, _reply, done) => {
    const call = callOf(request);
    if (call !== undefined) simulator.requests.recordBody(call.entry, request.body);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const call = callOf(request);
    if (call !== undefined) {
      call.entry.status = reply.statusCode;
      call.entry.duration_ms = Math.round((performance.now() - call.startedAt) * 10) / 10;
    }
    done();
  });
  registerTokenRoutes(app, simulator);
  registerInstallationRoutes(app, simulator);
  registerV1Routes(app, simulator);
  registerBrowserRoutes(app, simulator);
}
