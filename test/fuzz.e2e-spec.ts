import { randomInt } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { campaign } from './support/campaign';
import { createDatabase, type TestDatabase } from './support/database';
import type { Answer } from './support/http';
import { AnswerCheck } from './support/openapi/answer-check';
import type { OpenApi } from './support/openapi/document';
import { type GeneratedRequest, requests } from './support/openapi/requests';
import { Sender } from './support/openapi/sender';
import { SECRET_KEY, type TestService } from './support/service';
import { startServiceInTest } from './support/service-in-test';
import { CUSTOMER, install, ORDER } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';

/** The seed and the length of a run. FUZZ_SEED repeats a run, FUZZ_REQUESTS makes it longer. */
const SEED = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? campaign(10_000, 400));
const CHUNK = 200;
const AT_ONCE = 8;
const WARM_UP_CHUNKS = campaign(10, 1);
/** The allowed growth of the heap from the end of the warm-up to the end of the run. */
const GROWTH_MEGABYTES = 48;

/** A call to Appmax, as the simulator logs it. */
interface LoggedCall {
  readonly request_id: string | null;
  readonly status: number | null;
}

interface Exchange {
  readonly request: GeneratedRequest;
  readonly answer: Answer;
}

describe('The service under generated requests', () => {
  let database: TestDatabase;
  let simulator: TestSimulator;
  let service: TestService;
  let sender: Sender;
  let document: OpenApi;
  const orders: number[] = [];
  const key = 'shop-42';

  beforeAll(async () => {
    [database, simulator] = await Promise.all([createDatabase(), startSimulator()]);
    service = await startServiceInTest({
      ...database.environment,
      ...simulator.environment,
      // This test is about the content of requests, not about their number.
      APPMAX_RATE_PER_SECOND: '100000',
      APPMAX_RATE_BURST: '100000',
    });
    await install(service, simulator, key);
    await simulator.send('PUT', '/_simulator/settings', { body: { rate_limits: false } });
    for (let count = 0; count < 30; count += 1) {
      const { body } = await service.send('POST', `/checkout/${key}/order`, {
        body: { customer: CUSTOMER, order: ORDER },
      });
      orders.push(body['order_id'] as number);
    }
    document = (await service.send('GET', '/openapi.json')).body as unknown as OpenApi;
    sender = new Sender(service.url, AT_ONCE);
  });

  afterAll(async () => {
    await sender.close();
    await service.stop();
    await Promise.all([simulator.stop(), database.drop()]);
  });

  it(`the service answers ${REQUESTS} generated requests as documented, without a failure or a leak`, async () => {
    const arbitrary = requests(document, {
      secretKey: SECRET_KEY,
      known: {
        key: [key],
        order_id: orders,
        customer_id: [0],
        app_id: [simulator.appIdUuid, simulator.appIdNumeric],
        // Other keys than the shop's: with a secret key, a health check may replace an installation's credentials.
        external_key: ['shop-43', 'shop-44'],
        client_key: ['shop-43', 'shop-44'],
      },
    });
    const check = new AnswerCheck(document);
    const faults: string[] = [];
    const statuses = new Map<number, number>();
    let settled = 0;
    for (let chunk = 0; chunk * CHUNK < REQUESTS; chunk += 1) {
      if (chunk === WARM_UP_CHUNKS) settled = heapMegabytes();
      const exchanges = await sendAll(fc.sample(arbitrary, { numRuns: CHUNK, seed: SEED + chunk }));
      const blamed = await callsThatFailed(exchanges);
      for (const { request, answer } of exchanges) {
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const fault = faultOf(answer, blamed) ?? check.faultOf(request.method, request.path, answer);
        if (fault !== undefined) faults.push(report(fault, request, answer));
      }
      if (faults.length >= 20) break;
    }
    const growth = heapMegabytes() - settled;
    const answered = [...statuses].sort().map(([status, count]) => `${count} × ${status}`);
    process.stderr.write(
      `FUZZ_SEED=${SEED}: ${answered.join(', ')}; heap ${settled} MB, then ${settled + growth} MB\n`,
    );
    expect(faults.join('\n')).toBe('');
    expect(growth).toBeLessThan(GROWTH_MEGABYTES);
    expect((await service.send('GET', '/health/ready')).status).toBe(200);
  }, 600_000);

  /** Sends the requests, a fixed number at once. */
  async function sendAll(generated: readonly GeneratedRequest[]): Promise<Exchange[]> {
    const exchanges: Exchange[] = [];
    const waiting = generated.values();
    const work = async (): Promise<void> => {
      for (const request of waiting) exchanges.push({ request, answer: await sender.send(request) });
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return exchanges;
  }

  /** Returns the ids of requests with a call that Appmax did not answer with a success. */
  async function callsThatFailed(exchanges: readonly Exchange[]): Promise<ReadonlySet<string>> {
    if (exchanges.every(({ answer }) => answer.status < 500)) return new Set();
    const { body } = await simulator.send('GET', '/_simulator/requests?limit=1000');
    const calls = body['requests'] as LoggedCall[];
    return new Set(
      calls.flatMap(({ request_id: id, status }) =>
        id !== null && status !== 200 && status !== 201 ? [id] : [],
      ),
    );
  }

  function report(fault: string, { method, path, headers, body }: GeneratedRequest, answer: Answer): string {
    const sent = body === undefined ? '' : body.toString().slice(0, 2_000);
    return `${fault}\n  FUZZ_SEED=${SEED} ${method} ${path} ${JSON.stringify(headers)}\n  ${sent}\n  answered ${answer.status} ${answer.text.slice(0, 500)}`;
  }
});

/** Reports a 5xx that no failed call to Appmax explains. */
function faultOf({ status, headers }: Answer, blamed: ReadonlySet<string>): string | undefined {
  if (status < 500) return undefined;
  const caused = (status === 502 || status === 503) && blamed.has(headers.get('x-request-id') ?? '');
  return caused ? undefined : 'a failure that Appmax did not cause';
}

/** Measures the used heap after a full garbage collection. */
function heapMegabytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let time = 0; time < 3; time += 1) collect();
  return Math.round(process.memoryUsage().heapUsed / 2 ** 20);
}
