import type { DataSource } from 'typeorm';
import type { Config } from '../src/config';
import type { SchemaState } from '../src/database';
import { Retention } from '../src/database';
import { NotificationRetention } from '../src/notifications/notification-retention';
import { eventually } from './support/eventually';
import type { Answer } from './support/http';
import { Receiver, verifies } from './support/receiver';
import { SECRET_KEY } from './support/service';
import { CPF, CUSTOMER, install, ORDER, ORDER_TOTAL } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

type Item = Readonly<Record<string, unknown>>;

const OTHER = 'other-shop';

/** Repeats an expectation about what a receiver has got until it holds. */
const soon = (expectation: () => void): Promise<void> =>
  eventually(() => Promise.resolve().then(expectation));

describe('Notifications to the shop', () => {
  let system: TestSystem;
  let receiver: Receiver;

  beforeAll(async () => {
    system = await startSystem({ NOTIFY_ALLOW_PRIVATE: 'on' });
    await install(system.services[0], system.simulator, OTHER);
  });

  beforeEach(async () => {
    receiver = await new Receiver().start();
  });

  afterEach(async () => {
    await system.database.query(
      'UPDATE notification_endpoints SET deleted_at = now() WHERE deleted_at IS NULL',
    );
    await receiver.stop();
  });

  afterAll(async () => {
    await system.stop();
  });

  const call = (method: string, path: string, body?: object): Promise<Answer> =>
    system.services[0].send(method, path, { secretKey: SECRET_KEY, ...(body === undefined ? {} : { body }) });

  const endpoint = async (fields: object = {}): Promise<{ id: number; secret: string }> => {
    const made = await call('POST', '/admin/endpoints', { url: receiver.url, ...fields });
    expect(made.status).toBe(200);
    return made.body as { id: number; secret: string };
  };

  const listed = async (query: string): Promise<readonly Item[]> =>
    (await call('GET', `/admin/notifications?${query}`)).body['data'] as readonly Item[];

  const newOrder = async (shop = system.key): Promise<number> => {
    const made = await system.services[0].send('POST', `/checkout/${shop}/order`, {
      body: { customer: CUSTOMER, order: ORDER },
    });
    return made.body['order_id'] as number;
  };

  const setStatus = (orderId: number, status: string): Promise<object[]> =>
    system.database.query('UPDATE orders SET status = $2 WHERE appmax_order_id = $1', [orderId, status]);

  const statuses = (orderId: number): unknown[] =>
    receiver.received.filter(({ data }) => data['order_id'] === orderId).map(({ data }) => data['status']);

  /** Makes a retry that waits for its pause due now. */
  const skipPauses = (): Promise<object[]> =>
    system.database.query(
      'UPDATE notification_deliveries SET next_attempt_at = now() WHERE next_attempt_at > now()',
    );

  it('a paid order is notified with a signature, its body as documented', async () => {
    const { secret } = await endpoint();
    const orderId = await newOrder();
    const body = { customer_id: undefined, order_id: orderId, document_number: CPF };
    expect((await system.services[0].send('POST', `/checkout/${system.key}/pay/pix`, { body })).status).toBe(
      200,
    );
    await setStatus(orderId, 'aprovado');
    await soon(() => {
      expect(statuses(orderId)).toEqual(['aprovado']);
    });
    const [sent] = receiver.received;
    expect(verifies(secret, sent!.body, sent!.headers)).toBe(true);
    expect(JSON.parse(sent!.body)).toEqual({
      type: 'order.status_changed',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      data: {
        key: system.key,
        order_id: orderId,
        status: 'aprovado',
        previous_status: 'pendente',
        payment_method: 'pix',
        total_cents: ORDER_TOTAL,
      },
    });
    await eventually(async () => {
      expect(await listed(`order_id=${orderId}`)).toEqual([
        expect.objectContaining({ state: 'delivered', attempts: 1, last_status: 204, message_id: sent!.id }),
      ]);
    });
  });

  it('nothing is written while no endpoint is for the shop', async () => {
    const before = await system.database.query('SELECT max(id) AS id FROM notifications');
    await setStatus(await newOrder(), 'aprovado');
    await endpoint({ external_key: OTHER });
    await setStatus(await newOrder(), 'aprovado');
    expect(await system.database.query('SELECT max(id) AS id FROM notifications')).toEqual(before);
  });

  it('a change that is rolled back is not notified', async () => {
    await endpoint();
    const [first, second] = [await newOrder(), await newOrder()];
    await system.database.query('BEGIN');
    await setStatus(first, 'aprovado');
    await system.database.query('ROLLBACK');
    await setStatus(second, 'aprovado');
    await soon(() => {
      expect(statuses(second)).toEqual(['aprovado']);
    });
    expect(await listed(`order_id=${first}`)).toEqual([]);
  });

  it('an endpoint of a shop gets only the changes of that shop', async () => {
    await endpoint({ external_key: OTHER });
    const [own, foreign] = [await newOrder(OTHER), await newOrder()];
    await setStatus(foreign, 'aprovado');
    await setStatus(own, 'aprovado');
    await soon(() => {
      expect(statuses(own)).toEqual(['aprovado']);
    });
    expect(statuses(foreign)).toEqual([]);
  });

  it('an endpoint gets only the events that it has chosen, from the choice on', async () => {
    const { id } = await endpoint({ events: ['refund.denied', 'refund.confirmed', 'refund.denied'] });
    const path = `/admin/endpoints/${id}`;
    expect((await call('GET', path)).body).toMatchObject({ events: ['refund.confirmed', 'refund.denied'] });
    const [last] = await system.database.query('SELECT max(id) AS id FROM notifications');
    const orderId = await newOrder();
    await setStatus(orderId, 'autorizado');
    expect(await system.database.query('SELECT max(id) AS id FROM notifications')).toEqual([last]);
    expect((await call('PATCH', path, { events: ['order.status_changed'] })).body).toMatchObject({
      events: ['order.status_changed'],
      status: 'enabled',
    });
    await setStatus(orderId, 'aprovado');
    expect((await call('PATCH', path, { events: ['*', 'refund.denied'] })).body).toMatchObject({
      events: ['*'],
    });
    await setStatus(orderId, 'integrado');
    await soon(() => {
      expect(statuses(orderId)).toEqual(['aprovado', 'integrado']);
    });
  });

  it('an endpoint with other events does not keep a change from one that gets it', async () => {
    const { id } = await endpoint({ events: ['session.completed'] });
    const all = await endpoint();
    const orderId = await newOrder();
    await setStatus(orderId, 'aprovado');
    await eventually(async () => {
      expect(await listed(`order_id=${orderId}`)).toEqual([
        expect.objectContaining({ endpoint_id: all.id, state: 'delivered' }),
      ]);
    });
    expect(await listed(`endpoint_id=${id}`)).toEqual([]);
  });

  it.each([[[]], [['order.paid']], ['order.status_changed'], [[null]]])(
    'the events %j are refused',
    async (events) => {
      const refused = await call('POST', '/admin/endpoints', { url: receiver.url, events });
      expect([refused.status, refused.body['code']]).toEqual([400, 'invalid_request_body']);
      expect(refused.body['errors']).toEqual([expect.objectContaining({ field: 'events' })]);
    },
  );

  it('later changes of an order wait for an earlier one that fails, and those of other orders do not', async () => {
    await endpoint();
    const [failing, other] = [await newOrder(), await newOrder()];
    let isDown = true;
    receiver.react = ({ data }) => (isDown && data['order_id'] === failing ? 503 : 200);
    await setStatus(failing, 'autorizado');
    await setStatus(failing, 'aprovado');
    await setStatus(other, 'aprovado');
    await soon(() => {
      expect(statuses(other)).toEqual(['aprovado']);
    });
    await eventually(async () => {
      expect(await listed(`order_id=${failing}&state=failing`)).toEqual([
        expect.objectContaining({ attempts: 1, last_status: 503, last_error: 'status 503' }),
      ]);
    });
    expect([...new Set(statuses(failing))]).toEqual(['autorizado']);
    isDown = false;
    receiver.received.length = 0;
    await skipPauses();
    await soon(() => {
      expect(statuses(failing)).toEqual(['autorizado', 'aprovado']);
    });
  });

  it('an attempt that fails is repeated with the same id, after the pause of the schedule', async () => {
    await endpoint();
    const orderId = await newOrder();
    receiver.react = () => 500;
    await setStatus(orderId, 'aprovado');
    for (const pause of [5, 300, 1800]) {
      await skipPauses();
      await eventually(async () => {
        const [delivery] = await system.database.query<{ pause: number }>(
          `SELECT extract(epoch FROM next_attempt_at - last_attempt_at)::int AS pause FROM notification_deliveries
           WHERE delivered_at IS NULL AND next_attempt_at > now()`,
        );
        expect(delivery?.pause).toBe(pause);
      });
    }
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
    expect(receiver.received).toHaveLength(3);
  });

  it('an endpoint is disabled after the last attempt, and gets what it has missed when it is enabled', async () => {
    const { id } = await endpoint();
    const orderId = await newOrder();
    receiver.react = () => 500;
    await setStatus(orderId, 'autorizado');
    await eventually(async () => {
      expect(await listed(`order_id=${orderId}&state=failing`)).toHaveLength(1);
    });
    await system.database.query(
      'UPDATE notification_deliveries SET attempts = 9, next_attempt_at = now() WHERE delivered_at IS NULL',
    );
    await eventually(async () => {
      expect((await call('GET', '/admin/endpoints')).body['data']).toEqual([
        expect.objectContaining({ id, status: 'disabled', disabled_reason: 'failing' }),
      ]);
    });
    await setStatus(orderId, 'aprovado');
    receiver.react = () => 200;
    receiver.received.length = 0;
    const enabled = await call('PATCH', `/admin/endpoints/${id}`, { enabled: true });
    expect(enabled.body).toMatchObject({ status: 'enabled', disabled_reason: null, failing_since: null });
    await soon(() => {
      expect(statuses(orderId)).toEqual(['autorizado', 'aprovado']);
    });
  });

  it('an endpoint that has accepted nothing for the time of the schedule is disabled', async () => {
    const { id } = await endpoint();
    receiver.react = () => 500;
    await system.database.query(
      "UPDATE notification_endpoints SET failing_since = now() - interval '76 hours' WHERE id = $1",
      [id],
    );
    await setStatus(await newOrder(), 'aprovado');
    await eventually(async () => {
      expect((await call('GET', '/admin/endpoints')).body['data']).toEqual([
        expect.objectContaining({ id, disabled_reason: 'failing' }),
      ]);
    });
  });

  it('an endpoint that gives no answer delays no other one', async () => {
    const slow = await new Receiver().start();
    slow.react = () => 'hang';
    try {
      for (let index = 0; index < 12; index += 1) await endpoint({ url: `${slow.url}/${index}` });
      await endpoint();
      const orderIds = [await newOrder(), await newOrder(), await newOrder()];
      for (const orderId of orderIds) await setStatus(orderId, 'aprovado');
      await soon(() => {
        for (const orderId of orderIds) expect(statuses(orderId)).toEqual(['aprovado']);
        expect(new Set(slow.received.map(({ path }) => path)).size).toBe(12);
      });
    } finally {
      await slow.stop();
    }
  });

  it('a redirect is not followed', async () => {
    await endpoint();
    receiver.react = () => 302;
    receiver.answerHeaders = { location: '/elsewhere' };
    const orderId = await newOrder();
    await setStatus(orderId, 'aprovado');
    await eventually(async () => {
      expect(await listed(`order_id=${orderId}`)).toEqual([
        expect.objectContaining({
          state: 'failing',
          last_status: 302,
          last_error: 'redirects are not followed',
        }),
      ]);
    });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook']);
  });

  it('after a rotation the new and the previous secret verify a notification', async () => {
    const { id, secret: previous } = await endpoint();
    const rotated = await call('POST', `/admin/endpoints/${id}/rotate-secret`);
    const secret = rotated.body['secret'] as string;
    expect(secret).not.toBe(previous);
    const orderId = await newOrder();
    await setStatus(orderId, 'autorizado');
    await soon(() => {
      expect(statuses(orderId)).toEqual(['autorizado']);
    });
    const verifying = (): boolean[] =>
      [secret, previous].map((each) => {
        const last = receiver.received.at(-1)!;
        return verifies(each, last.body, last.headers);
      });
    expect(verifying()).toEqual([true, true]);
    await system.database.query(
      'UPDATE notification_endpoints SET previous_secret_expires_at = now() WHERE id = $1',
      [id],
    );
    await setStatus(orderId, 'aprovado');
    await soon(() => {
      expect(statuses(orderId)).toEqual(['autorizado', 'aprovado']);
    });
    expect(verifying()).toEqual([true, false]);
  });

  it('secrets are neither listed nor stored in plain text', async () => {
    const { secret } = await endpoint();
    expect((await call('GET', '/admin/endpoints')).text).not.toContain(secret);
    const rows = await system.database.query('SELECT * FROM notification_endpoints');
    expect(JSON.stringify(rows)).not.toContain(secret.slice('whsec_'.length));
  });

  it('a test event reaches a disabled endpoint, and is answered with its outcome', async () => {
    const { id, secret } = await endpoint();
    await call('PATCH', `/admin/endpoints/${id}`, { enabled: false });
    const tested = await call('POST', `/admin/endpoints/${id}/test`);
    expect([tested.status, tested.body]).toEqual([200, { delivered: true, status: 204, error: null }]);
    const [sent] = receiver.received;
    expect([sent!.type, sent!.data, verifies(secret, sent!.body, sent!.headers)]).toEqual([
      'endpoint.test',
      { endpoint_id: id },
      true,
    ]);
    await receiver.stop();
    const refused = await call('POST', `/admin/endpoints/${id}/test`);
    expect(refused.body).toEqual({ delivered: false, status: null, error: 'the connection was refused' });
  });

  it('one or several notifications are sent again with their ids', async () => {
    await endpoint();
    const orderId = await newOrder();
    await setStatus(orderId, 'autorizado');
    await setStatus(orderId, 'aprovado');
    await eventually(async () => {
      expect(await listed(`order_id=${orderId}&state=delivered`)).toHaveLength(2);
    });
    const [later, earlier] = await listed(`order_id=${orderId}`);
    expect((await call('GET', `/admin/notifications/${String(later!['id'])}`)).body).toEqual(later);
    expect((await call('GET', '/admin/notifications/999999999')).status).toBe(404);
    const one = await call('POST', `/admin/notifications/${String(later!['id'])}/replay`);
    expect(one.body).toMatchObject({ id: later!['id'], state: 'new', message_id: later!['message_id'] });
    await soon(() => {
      expect(statuses(orderId)).toEqual(['autorizado', 'aprovado', 'aprovado']);
    });
    await eventually(async () => {
      expect(await listed(`order_id=${orderId}&state=delivered`)).toHaveLength(2);
    });
    receiver.received.length = 0;
    const ids = [later!['id'], earlier!['id']];
    expect((await call('POST', '/admin/notifications/replay', { ids: [...ids, 999_999_999] })).status).toBe(
      404,
    );
    expect((await call('POST', '/admin/notifications/replay', { ids })).status).toBe(200);
    await soon(() => {
      expect(statuses(orderId)).toEqual(['autorizado', 'aprovado']);
    });
    expect(receiver.received.map(({ id }) => id)).toEqual([earlier!['message_id'], later!['message_id']]);
  });

  it('the timeline of an order has its notifications', async () => {
    const { id } = await endpoint();
    receiver.react = () => 500;
    const orderId = await newOrder();
    await setStatus(orderId, 'aprovado');
    await eventually(async () => {
      expect(await listed(`order_id=${orderId}&state=failing`)).toHaveLength(1);
    });
    const timeline = async (): Promise<{ types: unknown[]; notifications: unknown }> => {
      const { body } = await call('GET', `/admin/orders/${orderId}/timeline`);
      const entries = (body['entries'] as Item[]).filter((item) => item['notification_id'] !== null);
      return { types: entries.map(({ type }) => type), notifications: body['notifications'] };
    };
    expect(await timeline()).toEqual({
      types: ['notification_written', 'notification_failed'],
      notifications: [expect.objectContaining({ endpoint_id: id, state: 'failing', last_status: 500 })],
    });
    receiver.react = () => 204;
    await skipPauses();
    await eventually(async () => {
      expect((await timeline()).types).toEqual(['notification_written', 'notification_delivered']);
    });
  });

  it('a deleted endpoint gets nothing any more', async () => {
    const { id } = await endpoint();
    expect((await call('GET', `/admin/endpoints/${id}`)).body).toMatchObject({ id, url: receiver.url });
    const orderId = await newOrder();
    receiver.react = () => 500;
    await setStatus(orderId, 'aprovado');
    await eventually(async () => {
      expect(await listed(`order_id=${orderId}&state=failing`)).toHaveLength(1);
    });
    expect((await call('DELETE', `/admin/endpoints/${id}`)).status).toBe(200);
    expect((await call('PATCH', `/admin/endpoints/${id}`, { enabled: true })).status).toBe(404);
    expect((await call('GET', `/admin/endpoints/${id}`)).status).toBe(404);
    const sent = receiver.received.length;
    await skipPauses();
    const live = await new Receiver().start();
    try {
      await endpoint({ url: live.url });
      await setStatus(orderId, 'estornado');
      await soon(() => {
        expect(live.received).toHaveLength(1);
      });
      expect(receiver.received).toHaveLength(sent);
    } finally {
      await live.stop();
    }
  });

  it('an installation, a completed and an expired session are notified', async () => {
    await endpoint();
    await install(system.services[0], system.simulator, 'new-shop');
    const session = async (reference: string): Promise<string> => {
      const made = await system.services[0].send('POST', `/checkout/${system.key}/sessions`, {
        secretKey: SECRET_KEY,
        body: { items: ORDER.products, reference, metadata: { cart: '7' } },
      });
      return made.body['id'] as string;
    };
    const [completed, expired] = [await session('n-1'), await session('n-2')];
    const orderId = await newOrder();
    await system.database.query(
      `INSERT INTO session_orders (order_id, session_id, total_cents, is_live)
       SELECT o.id, s.id, 1, true FROM orders o, checkout_sessions s WHERE o.appmax_order_id = $1 AND s.public_id = $2`,
      [orderId, completed],
    );
    await setStatus(orderId, 'aprovado');
    await call('POST', `/checkout/${system.key}/sessions/${expired}/expire`);
    const sent = (): unknown[] => receiver.received.map(({ type, data }) => [type, data]);
    await soon(() => {
      expect(sent()).toContainEqual(['installation.created', expect.objectContaining({ key: 'new-shop' })]);
      expect(sent()).toContainEqual([
        'session.expired',
        {
          key: system.key,
          session_id: expired,
          reference: 'n-2',
          total_cents: 14990,
          metadata: { cart: '7' },
        },
      ]);
      expect(sent()).toContainEqual([
        'session.completed',
        expect.objectContaining({
          session_id: completed,
          reference: 'n-1',
          order_id: orderId,
          metadata: { cart: '7' },
        }),
      ]);
    });
    const ofOrder = receiver.received.filter(({ data }) => data['order_id'] === orderId);
    expect(ofOrder.map(({ type }) => type)).toEqual(['order.status_changed', 'session.completed']);
    expect(ofOrder[0]?.data).toMatchObject({ session_id: completed, reference: 'n-1' });
  });

  it('the end of a refund, and operations that need a person, are notified once', async () => {
    await endpoint();
    const orderId = await newOrder();
    const insert = async (kind: string, state: string): Promise<number> => {
      const [row] = await system.database.query<{ id: string }>(
        `INSERT INTO operations (kind, state, installation_id, order_id, sale, amount_cents, refund_type,
           call_limit_seconds, prepared_at, sent_at, settled_at, next_check_at)
         SELECT $2::operation_kind, $3::operation_state, o.installation_id, o.id, 'order:' || o.id || $2, 100,
           CASE $2 WHEN 'refund' THEN 'partial' END, 5, now() - interval '2 hours', now() - interval '2 hours',
           CASE $3 WHEN 'unknown' THEN NULL ELSE now() END, CASE $3 WHEN 'unknown' THEN now() END
         FROM orders o WHERE o.appmax_order_id = $1 RETURNING id`,
        [orderId, kind, state],
      );
      return Number(row!.id);
    };
    const [confirmed, denied] = [await insert('refund', 'done'), await insert('refund', 'done')];
    const [unknown, twice] = [await insert('upsell', 'unknown'), await insert('credit_card', 'done')];
    const change = (id: number, set: string): Promise<object[]> =>
      system.database.query(`UPDATE operations SET ${set} WHERE id = $1`, [id]);
    await change(confirmed, "state = 'confirmed'");
    await change(denied, "state = 'denied'");
    await change(twice, 'paid_twice_at = now()');
    const sent = (): unknown[][] =>
      receiver.received
        .filter(({ data }) => data['order_id'] === orderId)
        .map(({ type, data }) => [type, data['operation_id'], data['reason']]);
    await soon(() => {
      expect(sent()).toEqual(
        expect.arrayContaining([
          ['refund.confirmed', confirmed, undefined],
          ['refund.denied', denied, undefined],
          ['operation.needs_review', twice, 'paid_twice'],
          ['operation.needs_review', unknown, 'unknown_outcome'],
        ]),
      );
    });
    await change(unknown, 'next_check_at = now()');
    await eventually(async () => {
      const [row] = await system.database.query<{ checks: number }>(
        'SELECT checks FROM operations WHERE id = $1',
        [unknown],
      );
      expect(row!.checks).toBe(2);
    });
    expect(await listed(`order_id=${orderId}`)).toHaveLength(4);
    await change(unknown, "state = 'not_done', settled_at = now(), next_check_at = NULL");
  });

  it('old notifications are deleted, except open ones of enabled endpoints', async () => {
    const { id } = await endpoint();
    const [delivered, open] = [await newOrder(), await newOrder()];
    await setStatus(delivered, 'aprovado');
    await eventually(async () => {
      expect(await listed(`order_id=${delivered}&state=delivered`)).toHaveLength(1);
    });
    receiver.react = () => 500;
    await setStatus(open, 'aprovado');
    await eventually(async () => {
      expect(await listed(`order_id=${open}&state=failing`)).toHaveLength(1);
    });
    await system.database.query("UPDATE notifications SET created_at = now() - interval '31 days'");
    const config = { retention: { notificationDays: 30 } } as Config;
    const retention = new Retention(config, {} as SchemaState);
    new NotificationRetention(config, system.database as unknown as DataSource, retention);
    await retention.round();
    expect(await listed(`endpoint_id=${id}`)).toEqual([expect.objectContaining({ state: 'failing' })]);
    await call('PATCH', `/admin/endpoints/${id}`, { enabled: false });
    await retention.round();
    expect(await listed(`endpoint_id=${id}`)).toEqual([]);
  });
});
