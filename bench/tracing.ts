import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Load, sendLoad, sendMeasured } from './support/load';
import { type Benchmark, type BenchResult, median } from './support/result';
import { createOrders, FIRST_ORDER, ORDERS, statusReads } from './support/status-orders';
import { type BenchSystem, startSystem } from './support/system';

const SECONDS = { quick: 0.5, full: 3 };
const ROUNDS = { quick: 1, full: 3 };
const BODY = '{"event":"OrderPaid","event_type":"order","data":{"order_id":{n}}}';

/** The settings of tracing, by the words of the table. */
const MODES: Readonly<Record<string, (receiver: string) => Readonly<Record<string, string>>>> = {
  off: () => ({}),
  'on, 1 % sent': (receiver) => ({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver,
    OTEL_TRACES_SAMPLER_ARG: '0.01',
  }),
  'on, all sent': (receiver) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver }),
};

/** Measures the CPU time of the service for a status read and for a received webhook, without and with tracing. */
export const benchTracing: Benchmark = async ({ quick }) => {
  const size = quick ? 'quick' : 'full';
  const receiver = await startReceiver();
  const origin = `http://127.0.0.1:${String((receiver.address() as AddressInfo).port)}`;
  const results: BenchResult[] = [];
  try {
    for (const [mode, variables] of Object.entries(MODES)) {
      const system = await startSystem({
        countsRoundTrips: false,
        variables: { BACKGROUND_WORK: 'off', WEBHOOK_BYTES_PER_MINUTE: '10000000000', ...variables(origin) },
      });
      try {
        await createOrders(system);
        for (const [name, loadOf] of Object.entries({ status: statusLoad, webhook: webhookLoad }))
          results.push({
            name: `${name}, tracing ${mode}`,
            unit: 'µs',
            service: await microsecondsOf(system, loadOf(system, SECONDS[size]), ROUNDS[size]),
          });
      } finally {
        await system.stop();
      }
    }
    return results;
  } finally {
    receiver.close();
    receiver.closeAllConnections();
  }
};

const statusLoad = (system: BenchSystem, seconds: number): Load => statusReads(system.url, system, seconds);

const webhookLoad = (system: BenchSystem, seconds: number): Load => ({
  origin: system.url,
  path: '/webhooks/appmax',
  body: BODY,
  numbers: { from: FIRST_ORDER + ORDERS },
  seconds,
});

/** Returns the median CPU time of the service for one request, in microseconds. */
async function microsecondsOf(system: BenchSystem, load: Load, rounds: number): Promise<number> {
  const { pid = 0 } = system.service;
  let { nextNumber: from } = await sendLoad(load);
  const figures: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const numbers = load.numbers?.span === undefined ? { from } : load.numbers;
    const { microseconds, nextNumber } = await sendMeasured({ ...load, numbers }, pid);
    figures.push(microseconds);
    from = nextNumber;
  }
  return median(figures);
}

/** Starts a receiver of traces that reads and forgets them. */
async function startReceiver(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
