import { randomInt, randomUUID } from 'node:crypto';
import { type Answer, type RequestOptions, send } from './http';
import { startInHost } from './program-host';
import { freePort } from './servers';

/** A running simulator. */
export interface TestSimulator {
  readonly url: string;
  /** The port that the service must listen on: the simulator calls it there. */
  readonly servicePort: string;
  /** The service's variables for this simulator. */
  readonly environment: Readonly<Record<string, string>>;
  readonly appIdUuid: string;
  readonly appIdNumeric: string;
  send(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts the built simulator for one service, in the process that this worker's simulators share. */
export async function startSimulator({ api = 'g2' }: { api?: 'g1' | 'g2' } = {}): Promise<TestSimulator> {
  const servicePort = String(await freePort());
  const app = {
    SIMULATOR_APP_ID_UUID: randomUUID(),
    SIMULATOR_APP_ID_NUMERIC: String(randomInt(1_000, 999_999)),
    SIMULATOR_CLIENT_ID: `app-${randomUUID()}`,
    SIMULATOR_CLIENT_SECRET: randomUUID(),
  };
  const { origin: url = '', stop } = await startInHost('simulator', {
    ...app,
    SIMULATOR_API: api,
    SIMULATOR_PORT: '0',
    SIMULATOR_SERVICE_URL: `http://127.0.0.1:${servicePort}`,
  });
  return {
    url,
    servicePort,
    appIdUuid: app.SIMULATOR_APP_ID_UUID,
    appIdNumeric: app.SIMULATOR_APP_ID_NUMERIC,
    environment: {
      APP_PORT: servicePort,
      APP_URL: `http://127.0.0.1:${servicePort}`,
      APPMAX_AUTH_URL: url,
      APPMAX_API_URL: url,
      APPMAX_ADMIN_URL: `${url}/sandbox`,
      APPMAX_APP_ID_UUID: app.SIMULATOR_APP_ID_UUID,
      APPMAX_APP_ID_NUMERIC: app.SIMULATOR_APP_ID_NUMERIC,
      APPMAX_CLIENT_ID: app.SIMULATOR_CLIENT_ID,
      APPMAX_CLIENT_SECRET: app.SIMULATOR_CLIENT_SECRET,
    },
    send: (method, path, options) => send(method, `${url}${path}`, options),
    stop,
  };
}
