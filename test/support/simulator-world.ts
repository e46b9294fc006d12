import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { SimulatorControl } from '../../simulator/control-client';
import { readEnvironment } from '../../simulator/environment';
import { type RunningSimulator, startSimulator } from '../../simulator/server';
import { type Answer, send } from './http';

export const externalId = '3f1e0a52-3b5c-4c3a-9a56-0f0c5d3c9d11';
export const document = '52998224725';

/** A request that the simulator sent to the service. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

/** The response of the stand-in for the service; undefined lets the caller wait. */
export type ServiceAnswer = { status: number; body: unknown; headers?: Record<string, string> } | undefined;

/** The simulator on its own port, and a stand-in for the service that it calls. */
export class SimulatorWorld {
  readonly received: Received[] = [];
  readonly control: SimulatorControl;
  /** The response of the install callback. */
  callback: ServiceAnswer = { status: 200, body: { external_id: externalId } };
  /** The response of the webhook route. */
  webhook: ServiceAnswer = { status: 200, body: { message: 'ok' } };

  private constructor(
    private readonly running: RunningSimulator,
    private readonly service: Server,
  ) {
    this.control = new SimulatorControl(running.origin);
  }

  static async start(api: 'g1' | 'g2'): Promise<SimulatorWorld> {
    const service = createServer();
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const { port } = service.address() as AddressInfo;
    const environment = readEnvironment({
      SIMULATOR_PORT: '0',
      SIMULATOR_API: api,
      SIMULATOR_SERVICE_URL: `http://127.0.0.1:${port}`,
    });
    const world = new SimulatorWorld(await startSimulator(environment), service);
    world.listen();
    return world;
  }

  get origin(): string {
    return this.running.origin;
  }

  get environment(): RunningSimulator['simulator']['environment'] {
    return this.running.simulator.environment;
  }

  /** Resets the simulator and the stand-in between two tests. */
  async reset(): Promise<void> {
    await this.control.reset();
    this.received.length = 0;
    this.callback = { status: 200, body: { external_id: externalId } };
    this.webhook = { status: 200, body: { message: 'ok' } };
    // The tests of the rate limits switch them on.
    await this.control.change({ rate_limits: false });
  }

  async close(): Promise<void> {
    await this.running.close();
    this.service.closeAllConnections();
    await new Promise((resolve) => this.service.close(resolve));
  }

  /** Sends a call; an object as JSON, a `URLSearchParams` as a form. */
  async call(
    method: string,
    path: string,
    options: { token?: string; body?: unknown } = {},
  ): Promise<Answer> {
    const { token, body } = options;
    const authorization: Record<string, string> =
      token === undefined ? {} : { authorization: `Bearer ${token}` };
    if (body instanceof URLSearchParams) {
      const headers = { ...authorization, 'content-type': 'application/x-www-form-urlencoded' };
      return send(method, `${this.origin}${path}`, { body: body.toString(), headers });
    }
    return send(method, `${this.origin}${path}`, { body, headers: authorization });
  }

  async askToken(clientId: string, clientSecret: string, grantType = 'client_credentials'): Promise<Answer> {
    const form = { grant_type: grantType, client_id: clientId, client_secret: clientSecret };
    return this.call('POST', '/oauth2/token', { body: new URLSearchParams(form) });
  }

  async token(clientId: string, clientSecret: string): Promise<string> {
    return String((await this.askToken(clientId, clientSecret)).body['access_token']);
  }

  async appToken(): Promise<string> {
    return this.token(this.environment.SIMULATOR_CLIENT_ID, this.environment.SIMULATOR_CLIENT_SECRET);
  }

  /** Returns the webhooks received, once all have been sent. */
  async webhooks(): Promise<Received[]> {
    await this.control.drainWebhooks();
    return this.received.filter(({ path }) => path.startsWith('/webhooks/appmax'));
  }

  /** Returns the names of the events received, in order of arrival. */
  async events(): Promise<unknown[]> {
    return (await this.webhooks()).map(({ body }) => body['event']);
  }

  /** Returns the health checks received. */
  healthChecks(): Received[] {
    return this.received.filter(({ path }) => path === '/integrations/appmax/callback/install');
  }

  private listen(): void {
    this.service.on('request', (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const path = request.url ?? '';
        this.received.push({
          path,
          headers: request.headers,
          text,
          body: JSON.parse(text) as Record<string, unknown>,
        });
        const answer = path.startsWith('/webhooks') ? this.webhook : this.callback;
        if (answer === undefined) return;
        response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
        response.end(JSON.stringify(answer.body));
      });
    });
  }
}
