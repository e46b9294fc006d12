import { setTimeout as sleep } from 'node:timers/promises';
import { SimulatorControl } from '../simulator/control-client';
import { codeOf } from '../src/common/errors/api-error';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { send } from './support/http';
import { SECRET_KEY, startService, type TestService } from './support/service';
import { CPF, CUSTOMER, install, ORDER } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';

interface EventRow {
  id: string;
  processed: boolean;
  error_message: string | null;
  last_error: string | null;
}

const KEY = 'verified-shop';

describe('Webhooks that are verified at Appmax, on two services with one database', () => {
  let database: TestDatabase;
  let simulator: TestSimulator;
  let control: SimulatorControl;
  let services: TestService[];

  beforeAll(async () => {
    [database, simulator] = await Promise.all([createDatabase(), startSimulator()]);
    control = new SimulatorControl(simulator.url);
    const environment = {
      ...database.environment,
      ...simulator.environment,
      APPMAX_TIMEOUT: '2',
      APPMAX_ORDER_READ_INTERVAL: '1',
    };
    services = await Promise.all([
      startService(environment),
      startService({ ...environment, APP_PORT: String(Number(simulator.servicePort) + 1) }),
    ]);
    await install(services[0]!, simulator, KEY);
    await control.change({ rate_limits: false });
  });

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await Promise.all([simulator.stop(), database.drop()]);
  });

  beforeEach(async () => {
    await control.clearWebhookRules();
    await control.clearFaults();
  });

  const deliver = (body: unknown, instance = 0) =>
    services[instance]!.send('POST', '/webhooks/appmax', { body });

  /** Creates an order with an open Pix, for which Appmax sends no more webhooks. */
  const silentPix = async (): Promise<number> => {
    await control.addWebhookRule({ action: 'drop' });
    const answer = await services[0]!.send('POST', `/checkout/${KEY}/pay/pix`, {
      body: { customer: CUSTOMER, order: ORDER, document_number: CPF },
    });
    return answer.body['order_id'] as number;
  };

  const statusOf = async (orderId: number): Promise<string | undefined> =>
    (
      await database.query<{ status: string }>('SELECT status FROM orders WHERE appmax_order_id = $1', [
        orderId,
      ])
    )[0]?.status;

  const events = (orderId: number): Promise<EventRow[]> =>
    database.query<EventRow>(
      `SELECT e.id, processed, error_message, last_error FROM webhook_events e
       LEFT JOIN webhook_attempts a ON a.event_id = e.id WHERE e.appmax_order_id = $1 ORDER BY e.id`,
      [orderId],
    );

  const becomes = (orderId: number, status: string): Promise<void> =>
    eventually(async () => {
      expect(await statusOf(orderId)).toBe(status);
      expect((await events(orderId)).every(({ processed }) => processed)).toBe(true);
    });

  const wake = (orderId: number): Promise<unknown> =>
    database.query(
      'UPDATE webhook_attempts SET next_attempt_at = now() WHERE appmax_order_id = $1 AND next_attempt_at IS NOT NULL',
      [orderId],
    );

  /** Waits until the same order may be read from Appmax again. */
  const nextRead = (): Promise<unknown> => sleep(1_100);

  const readsOf = async (orderId: number): Promise<number> =>
    (await control.requests(1000)).requests.filter(
      ({ method, path }) => method === 'GET' && path === `/v1/orders/${orderId}`,
    ).length;

  it('an event gives its order the status that Appmax shows', async () => {
    const orderId = await silentPix();
    await control.act(orderId, 'pay');
    const answer = await deliver({ event: 'OrderPaidByPix', data: { order_id: orderId } });
    expect([answer.status, answer.body]).toEqual([200, { message: 'ok' }]);
    await becomes(orderId, 'aprovado');
  });

  it('an event waits and changes nothing while Appmax does not confirm its asserted status', async () => {
    const orderId = await silentPix();
    await deliver({ event: 'OrderPaid', data: { order_id: orderId } });
    await eventually(async () => {
      expect(await events(orderId)).toMatchObject([
        { processed: false, last_error: 'Appmax did not confirm it (the order is pendente)' },
      ]);
    });
    expect(await statusOf(orderId)).toBe('pendente');
    await control.act(orderId, 'pay');
    await nextRead();
    await wake(orderId);
    await becomes(orderId, 'aprovado');
  });

  it('an event waits while Appmax cannot be read', async () => {
    const orderId = await silentPix();
    await control.act(orderId, 'pay');
    await control.addFault({ kind: 'status', status: 500, route: 'GET /v1/orders/:id', times: null });
    await deliver({ event: 'OrderPaid', data: { order_id: orderId } });
    await eventually(async () => {
      expect((await events(orderId))[0]?.last_error).toContain('Appmax could not be asked');
    });
    expect(await statusOf(orderId)).toBe('pendente');
    await control.clearFaults();
    await nextRead();
    await wake(orderId);
    await becomes(orderId, 'aprovado');
  });

  it('one read settles all waiting events of an order', async () => {
    const orderId = await silentPix();
    await control.act(orderId, 'pay');
    await control.act(orderId, 'refund');
    const names = ['OrderRefund', 'OrderPaid', 'OrderApproved', 'OrderPaidByPix', 'OrderPixCreated'];
    await Promise.all(
      names.map((event, index) => deliver({ event, data: { order_id: orderId } }, index % 2)),
    );
    await becomes(orderId, 'estornado');
    expect(await readsOf(orderId)).toBeLessThanOrEqual(2);
  });

  it('an event that asserts the current status is settled before the order is read', async () => {
    const orderId = await silentPix();
    await deliver({ event: 'OrderPixCreated', data: { order_id: orderId } });
    await becomes(orderId, 'pendente');
    expect(await readsOf(orderId)).toBe(0);
    await eventually(async () => {
      expect(await readsOf(orderId)).toBe(1);
    });
  });

  it("Appmax's status is applied even where the status rules forbid it, and that is counted", async () => {
    const orderId = await silentPix();
    await control.act(orderId, 'pay');
    await database.query("UPDATE orders SET status = 'recusado_por_risco' WHERE appmax_order_id = $1", [
      orderId,
    ]);
    await deliver({ event: 'OrderIntegrated', data: { order_id: orderId } });
    await eventually(async () => {
      expect(await statusOf(orderId)).toBe('aprovado');
    });
    expect(
      await database.query('SELECT unexpected_edges FROM order_refreshes WHERE appmax_order_id = $1', [
        orderId,
      ]),
    ).toEqual([{ unexpected_edges: 1 }]);
  });

  it('a repeat after more than a minute causes another read of the order', async () => {
    const orderId = await silentPix();
    await deliver({ event: 'OrderPixCreated', data: { order_id: orderId } });
    await eventually(async () => {
      expect(await readsOf(orderId)).toBe(1);
    });
    await control.act(orderId, 'pay');
    await deliver({ event: 'OrderPixCreated', data: { order_id: orderId } });
    await sleep(1500);
    expect([await readsOf(orderId), await statusOf(orderId)]).toEqual([1, 'pendente']);
    await database.query(
      "UPDATE webhook_events SET created_at = created_at - interval '61 seconds' WHERE appmax_order_id = $1",
      [orderId],
    );
    const repeat = await deliver({ event: 'OrderPixCreated', data: { order_id: orderId } }, 1);
    expect(repeat.body).toEqual({ message: 'already processed' });
    await becomes(orderId, 'aprovado');
  });

  it('an event without a status causes a read of its order', async () => {
    const orderId = await silentPix();
    await control.act(orderId, 'pay');
    await deliver({ event: 'OrderPartialRefund', data: { order_id: orderId } });
    await becomes(orderId, 'aprovado');
  });

  it('an event saves an unknown order only if Appmax has it for the merchant that the event names', async () => {
    const token = await services[0]!.send('GET', `/installations/${KEY}/merchant/token`, {
      secretKey: SECRET_KEY,
    });
    const headers = { authorization: `Bearer ${token.body['merchant_bearer_token'] as string}` };
    const atAppmax = async (path: string, body: object): Promise<Record<string, { id: number }>> =>
      (await send('POST', `${simulator.url}${path}`, { body, headers })).body['data'] as Record<
        string,
        { id: number }
      >;
    const customer = await atAppmax('/v1/customers', { ...CUSTOMER, ip: '127.0.0.1' });
    const made = await atAppmax('/v1/orders', { customer_id: customer['customer']!.id, ...ORDER });
    const orderId = made['order']!.id;
    await deliver({ event: 'order_pix_created', external_key: 'nobody', data: { order_id: orderId } });
    await deliver({ event: 'order_pix_expired', external_key: KEY, data: { order_id: orderId } });
    await deliver({ event: 'order_paid', external_key: KEY, data: { order_id: orderId + 1_000_000 } });
    await eventually(async () => {
      expect(await statusOf(orderId)).toBe('pendente');
    });
    await eventually(async () => {
      expect((await events(orderId + 1_000_000))[0]?.last_error).toBe(
        'its order did not appear (Appmax does not know the order)',
      );
    });
    expect(await statusOf(orderId + 1_000_000)).toBeUndefined();
  });

  describe('For operators', () => {
    const admin = (path: string) => services[1]!.send('POST', `/admin/${path}`, { secretKey: SECRET_KEY });

    it('an event is set aside after 72 hours with its reason, and can be replayed', async () => {
      const orderId = await silentPix();
      await deliver({ event: 'OrderPaid', data: { order_id: orderId } });
      await eventually(async () => {
        expect((await events(orderId))[0]?.last_error).toContain('Appmax did not confirm it');
      });
      await database.query(
        "UPDATE webhook_attempts SET queued_at = queued_at - interval '73 hours' WHERE appmax_order_id = $1",
        [orderId],
      );
      await wake(orderId);
      const reason = 'Appmax did not confirm it (the order is pendente) within 72 hours';
      await eventually(async () => {
        expect(await events(orderId)).toMatchObject([{ processed: true, error_message: reason }]);
      });
      const [event] = await events(orderId);
      await control.act(orderId, 'pay');
      await nextRead();
      const replayed = await admin(`webhook-events/${event!.id}/replay`);
      expect([replayed.status, replayed.body]).toMatchObject([
        200,
        { id: Number(event!.id), event: 'OrderPaid', order_id: orderId },
      ]);
      await becomes(orderId, 'aprovado');
      expect(await events(orderId)).toMatchObject([{ processed: true, error_message: null }]);
    });

    it('the replay of a repeat replays the event that it repeats', async () => {
      const orderId = await silentPix();
      for (let copy = 0; copy < 2; copy += 1)
        await deliver({ event: 'OrderPixCreated', data: { order_id: orderId } });
      const [first, repeat] = await events(orderId);
      const replayed = await admin(`webhook-events/${repeat!.id}/replay`);
      expect([replayed.status, replayed.body['id']]).toEqual([200, Number(first!.id)]);
    });

    it('an order can be read from Appmax on demand', async () => {
      const orderId = await silentPix();
      await control.act(orderId, 'pay');
      const answer = await admin(`orders/${orderId}/refresh`);
      expect([answer.status, answer.body]).toMatchObject([
        200,
        { order_id: orderId, status: 'aprovado', previous_status: 'pendente' },
      ]);
      expect(await statusOf(orderId)).toBe('aprovado');
    });

    it.each([
      ['orders/abc/refresh', 400, 'invalid order_id'],
      ['orders/2147483647/refresh', 404, 'order not found'],
      ['webhook-events/0/replay', 400, 'invalid id'],
      ['webhook-events/999999999/replay', 404, 'webhook event not found'],
    ])('POST /admin/%s is answered %d', async (path, status, message) => {
      const answer = await admin(path);
      expect([answer.status, answer.body]).toEqual([status, { message, code: codeOf(message) }]);
      expect((await services[0]!.send('POST', `/admin/${path}`)).status).toBe(401);
    });

    it('a read on demand that fails is answered 502 with the reason', async () => {
      const orderId = await silentPix();
      await control.addFault({ kind: 'status', status: 500, route: 'GET /v1/orders/:id', times: null });
      const answer = await admin(`orders/${orderId}/refresh`);
      expect(answer.status).toBe(502);
      expect(answer.body['message']).toContain('Appmax could not be asked');
    });
  });
});
