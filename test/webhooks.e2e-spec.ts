import { randomInt, randomUUID } from 'node:crypto';
import samples from './fixtures/webhooks.json';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { startService, type TestService } from './support/service';

interface Sample {
  model: string;
  order_id: number | null;
  status: string | null;
  envelope: { event: string; data?: unknown };
}

interface EventRow {
  id: string;
  event: string;
  event_type: string;
  appmax_order_id: number | null;
  payload: unknown;
  processed: boolean;
  processed_at: Date | null;
  error_message: string | null;
}

/** For a status, another one from which an order may reach it. */
const BEFORE: Record<string, string> = {
  chargeback_em_tratativa: 'aprovado',
  chargeback_vencido: 'aprovado',
  pendente: 'cancelado',
};

describe('Webhooks, on two services with one database', () => {
  let database: TestDatabase;
  let services: TestService[];
  let installationId: string;

  beforeAll(async () => {
    database = await createDatabase();
    const environment = { ...database.environment, WEBHOOK_VERIFICATION: 'none' };
    services = await Promise.all([startService(environment), startService(environment)]);
    const [row] = await database.query<{ id: string }>(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ('shop', 'app', 'id', 'secret', $1) RETURNING id`,
      [randomUUID()],
    );
    installationId = row!.id;
  });

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await database.drop();
  });

  const deliver = (body: unknown, instance = 0) =>
    services[instance]!.send('POST', '/webhooks/appmax', { body });

  const newOrder = async (status: string, orderId = randomInt(1, 2_000_000_000)): Promise<number> => {
    await database.query(
      'INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id, status) VALUES ($1, 1, $2, $3)',
      [installationId, orderId, status],
    );
    return orderId;
  };

  const statusOf = async (orderId: number): Promise<string | undefined> =>
    (
      await database.query<{ status: string }>('SELECT status FROM orders WHERE appmax_order_id = $1', [
        orderId,
      ])
    )[0]?.status;

  const events = (orderId: number): Promise<EventRow[]> =>
    database.query<EventRow>('SELECT * FROM webhook_events WHERE appmax_order_id = $1 ORDER BY id', [
      orderId,
    ]);

  /** Returns a sample's envelope with another order, because all samples are about the same one. */
  const about = (sample: Sample, orderId: number): unknown =>
    JSON.parse(JSON.stringify(sample.envelope).replaceAll(String(sample.order_id), String(orderId)));

  const withStatus = (samples as Sample[]).filter(
    (sample) => sample.status !== null && sample.order_id !== null,
  );
  const withoutStatus = (samples as Sample[]).filter((sample) => sample.status === null);

  it.each(
    withStatus.map((sample, index) => ({ title: `${sample.model} ${sample.envelope.event}`, index, sample })),
  )('sample $index, $title: the order gets its asserted status', async ({ sample }) => {
    const status = sample.status!;
    const orderId = await newOrder(BEFORE[status] ?? 'pendente');
    const envelope = about(sample, orderId);
    const first = await deliver(envelope);
    const repeat = await deliver(envelope, 1);
    expect([first.status, first.body]).toEqual([200, { message: 'ok' }]);
    expect([repeat.status, repeat.body]).toEqual([200, { message: 'already processed' }]);
    expect(await statusOf(orderId)).toBe(status);
    const [stored, repeated] = await events(orderId);
    expect(stored).toMatchObject({ processed: true, error_message: null, payload: envelope });
    expect(repeated).toMatchObject({
      processed: true,
      error_message: `repeats webhook event ${stored!.id}`,
      payload: envelope,
    });
  });

  it.each(
    withoutStatus.map((sample, index) => ({
      title: `${sample.model} ${sample.envelope.event}`,
      index,
      sample,
    })),
  )('sample $index, $title: stored and acknowledged, no order changes', async ({ sample }) => {
    const orderId = await newOrder('aprovado');
    const envelope = sample.order_id === null ? sample.envelope : about(sample, orderId);
    const answer = await deliver(envelope);
    expect([answer.status, answer.body]).toEqual([200, { message: 'ok' }]);
    expect(await statusOf(orderId)).toBe('aprovado');
    const [last] = await database.query<EventRow>('SELECT * FROM webhook_events ORDER BY id DESC LIMIT 1');
    expect(last).toMatchObject({
      processed: true,
      appmax_order_id: sample.order_id === null ? null : orderId,
      payload: envelope,
    });
  });

  it.each(['', '?utm_source=appmax', '?token=unneeded', '?token=a&token=b'])(
    'a webhook with the query "%s" is answered like any other, also if it is not an event',
    async (query) => {
      const send = (path: string, body: unknown) => services[0]!.send('POST', path, { body });
      const orderId = await newOrder('pendente');
      const event = { event: 'OrderApproved', data: { order_id: orderId } };
      const path = `/webhooks/appmax${query}`;
      for (const [body, usual] of [
        [event, { status: 200, body: { message: 'ok' } }],
        [event, { status: 200, body: { message: 'already processed' } }],
        [{}, await send('/webhooks/appmax', {})],
      ] as const) {
        const answer = await send(path, body);
        expect(answer).toMatchObject({ status: usual.status, body: usual.body });
      }
    },
  );

  it('one of many simultaneous copies on both services is applied', async () => {
    const orderId = await newOrder('pendente');
    const body = { event: 'OrderPaid', data: { order_id: orderId } };
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => deliver(body, index % 2)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.filter((answer) => answer.body['message'] === 'ok')).toHaveLength(1);
    expect(answers.filter((answer) => answer.body['message'] === 'already processed')).toHaveLength(39);
    const rows = await events(orderId);
    const [applied, ...others] = rows.filter((row) => row.error_message === null);
    expect([rows.length, others]).toEqual([40, []]);
    expect(new Set(rows.filter((row) => row !== applied).map((row) => row.error_message))).toEqual(
      new Set([`repeats webhook event ${applied!.id}`]),
    );
  });

  it('an older event never overwrites a newer status', async () => {
    const orderId = await newOrder('pendente');
    for (const event of ['OrderPaid', 'OrderPixCreated', 'OrderPixExpired', 'OrderAuthorized']) {
      expect((await deliver({ event, data: { order_id: orderId } })).status).toBe(200);
    }
    expect(await statusOf(orderId)).toBe('aprovado');
    expect((await events(orderId)).every((row) => row.processed)).toBe(true);
  });

  it('an event that comes before its order is applied as soon as the order is saved', async () => {
    const orderId = randomInt(1, 2_000_000_000);
    const answer = await deliver({ event: 'OrderPaid', data: { order_id: orderId } });
    expect([answer.status, answer.body]).toEqual([200, { message: 'ok' }]);
    expect(await events(orderId)).toMatchObject([{ processed: false, processed_at: null }]);
    await newOrder('pendente', orderId);
    await eventually(async () => {
      expect(await statusOf(orderId)).toBe('aprovado');
      expect(await events(orderId)).toMatchObject([{ processed: true, error_message: null }]);
    });
  });

  it('an event whose order is not saved within 72 hours is set aside with that reason', async () => {
    const orderId = randomInt(1, 2_000_000_000);
    await database.query(
      `INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, created_at)
       VALUES ('OrderPaid', '', $1, '{}', now() - interval '73 hours')`,
      [orderId],
    );
    await eventually(async () => {
      expect(await events(orderId)).toMatchObject([
        { processed: true, error_message: 'its order did not appear within 72 hours' },
      ]);
    });
  });

  it.each([
    ['invalid JSON', '{"event":'],
    ['an array', '[]'],
    ['a string', '"OrderPaid"'],
    ['null', 'null'],
    ['no event', '{"data":{}}'],
    ['an event that is no string', '{"event":7}'],
    ['an empty event', '{"event":""}'],
  ])('a webhook with %s is refused', async (_, body) => {
    const answer = await deliver(body);
    expect([answer.status, answer.body['message']]).toEqual([400, 'invalid request body']);
  });

  it.each([
    ['no data', '{"event":"OrderPaid"}', null],
    ['null', '{"event":"OrderPaid","data":null}', null],
    ['an array', '{"event":"OrderPaid","data":[]}', null],
    ['a scalar', '{"event":"OrderPaid","data":"x"}', null],
    ['an order id beyond 32 bits', '{"event":"OrderPaid","data":{"order_id":2147483648}}', null],
    ['a NUL', '{"event":"Order\\u0000Paid","data":{"note":"\\u0000\\ud800"}}', null],
  ])('a webhook with %s is stored and answered 200', async (_, body, orderId) => {
    const answer = await deliver(body);
    expect([answer.status, answer.body]).toEqual([200, { message: 'ok' }]);
    const [last] = await database.query<EventRow & { text: string }>(
      'SELECT *, payload::text AS text FROM webhook_events ORDER BY id DESC LIMIT 1',
    );
    expect(last).toMatchObject({ event: 'OrderPaid', appmax_order_id: orderId, processed: true, text: body });
  });

  it('names are cut to the length of their columns, and the payload is kept unchanged', async () => {
    const body = `{"event":"${'x'.repeat(100)}","event_type":"${'y'.repeat(50)}","big":12345678901234567890,"twice":1,"twice":2}`;
    expect((await deliver(body)).status).toBe(200);
    const [last] = await database.query<EventRow & { text: string }>(
      'SELECT *, payload::text AS text FROM webhook_events ORDER BY id DESC LIMIT 1',
    );
    expect(last).toMatchObject({ event: 'x'.repeat(64), event_type: 'y'.repeat(32), text: body });
  });
});
