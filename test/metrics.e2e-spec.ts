import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from './support/http';
import { metricsOf } from './support/metrics';
import { SECRET_KEY, type TestService } from './support/service';
import { cardPayment, CPF, CUSTOMER, ORDER } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

const DECLINED = '4000000000000002';
const APPROVED = '4000000000000010';

describe('The metrics of an instance', () => {
  let system: TestSystem;
  let service: TestService;

  beforeAll(async () => {
    system = await startSystem({ RATE_LIMIT: 'on', CACHE_DRIVER: 'memory', BACKGROUND_WORK: 'off' });
    [service] = system.services;
  });

  afterAll(async () => {
    await system.stop();
  });

  const pay = (number: string): Promise<Answer> =>
    service.send('POST', `/checkout/${system.key}/pay/credit-card`, {
      body: { customer: CUSTOMER, order: ORDER, payment: cardPayment(number) },
    });

  const webhook = (body: unknown): Promise<Answer> => service.send('POST', '/webhooks/appmax', { body });

  it('the metrics count payments by outcome', async () => {
    await pay(APPROVED);
    await pay(APPROVED);
    await pay(DECLINED);
    const pix = { customer: CUSTOMER, order: ORDER, document_number: CPF };
    await service.send('POST', `/checkout/${system.key}/pay/pix`, { body: pix });
    const metrics = await metricsOf(service);
    expect(metrics.get('payments_total{method="credit_card",outcome="done"}')).toBe(2);
    expect(metrics.get('payments_total{method="credit_card",outcome="declined"}')).toBe(1);
    expect(metrics.get('payments_total{method="pix",outcome="done"}')).toBe(1);
    expect(metrics.get('card_declines_total{by="address"}')).toBe(1);
    expect(metrics.get('operations_open{state="unknown"}')).toBe(0);
  });

  it('the metrics count payments whose answer was lost, and those not settled yet', async () => {
    const { id } = await system.control.addFault({
      kind: 'status',
      status: 500,
      route: 'POST /v1/payments/credit-card',
      times: 1,
    });
    const { id: reads } = await system.control.addFault({
      kind: 'status',
      status: 500,
      route: 'GET /v1/orders/*',
      times: null,
    });
    expect((await pay(APPROVED)).status).toBe(502);
    const metrics = await metricsOf(service);
    expect(metrics.get('payment_answers_lost_total{method="credit_card"}')).toBe(1);
    expect(metrics.get('operations_open{state="unknown"}')).toBe(1);
    const lost = 'appmax_call_duration_seconds_count{operation="payments/credit-card",outcome="unknown"}';
    expect(metrics.get(lost)).toBe(1);
    await Promise.all([system.control.removeFault(id), system.control.removeFault(reads)]);
  });

  it('the metrics count webhooks by kind', async () => {
    const event = { event: 'OrderPaid', data: { order_id: 987_654 } };
    for (const body of [event, event, event, { event: 'NoSuchEvent', data: {} }, { data: {} }])
      await webhook(body);
    const metrics = await metricsOf(service);
    expect(metrics.get('webhooks_received_total{outcome="first"}')).toBe(2);
    expect(metrics.get('webhooks_received_total{outcome="repeat"}')).toBe(2);
    expect(metrics.get('webhooks_junk_total{kind="no event"}')).toBe(1);
    expect(metrics.get('webhooks_junk_total{kind="unknown event"}')).toBe(1);
    expect(metrics.get('webhook_events_waiting{state="new"}')).toBe(1);
  });

  it('the duration of requests is labelled by route, without personal data from the path', async () => {
    await service.send('GET', '/checkout/marina.souza@example.com/config');
    await service.send('GET', '/nowhere/marina.souza@example.com');
    const metrics = await metricsOf(service);
    const count = (labels: string): number | undefined =>
      metrics.get(`http_request_duration_seconds_count{${labels}}`);
    expect(count('method="GET",route="/checkout/:key/config",status="404"')).toBe(1);
    expect(count('method="GET",route="none",status="404"')).toBe(1);
    expect([...metrics.keys()].join('\n')).not.toContain('marina');
  });

  it('the metrics are exactly those in the operations guide', async () => {
    const { text, headers } = await service.send('GET', '/metrics', { secretKey: SECRET_KEY });
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const ours = [...text.matchAll(/^# TYPE (\S+)/gm)]
      .map(([, name]) => name!)
      .filter((name) => !/^(?:process|nodejs)_/.test(name));
    const guide = readFileSync(join(__dirname, '..', 'docs', 'operations.md'), 'utf8');
    const [section] = guide.split('\n## Metrics\n')[1]!.split('\n## ');
    const listed = [...section!.matchAll(/^\| `([a-z_]+)`/gm)].map(([, name]) => name!);
    expect(listed.sort()).toEqual(ours.sort());
  });
});
