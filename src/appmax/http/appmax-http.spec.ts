import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import type { Config } from '../../config';
import type { AppmaxFailure } from '../failures/appmax-failure';
import { AppmaxHttp } from './appmax-http';
import { CallDurations } from './call-durations';
import { isOutage } from './circuit';

describe('AppmaxHttp, when Appmax does not answer', () => {
  let server: Server;
  let http: AppmaxHttp;
  let url: string;

  beforeAll(async () => {
    server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/orders/1`;
    const config = { appmax: { connectTimeoutSeconds: 3 } } as Config;
    http = new AppmaxHttp(config, new CallDurations(new Registry()));
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await http.onApplicationShutdown();
  });

  const failureOf = (seconds: number, wholeSeconds: number): Promise<AppmaxFailure> =>
    http
      .send({ operation: 'orders/:id', method: 'GET', url, seconds, wholeSeconds })
      .catch((error: unknown) => error as AppmaxFailure) as Promise<AppmaxFailure>;

  it('a call that had its time is an outage', async () => {
    const failure = await failureOf(0.3, 0.3);
    expect([failure.kind, isOutage(failure)]).toEqual(['unknown', true]);
  });

  it('a call that had only the rest of its time is none, but its outcome is still unknown', async () => {
    const failure = await failureOf(0.3, 30);
    expect([failure.kind, isOutage(failure)]).toEqual(['unknown', false]);
  });
});
