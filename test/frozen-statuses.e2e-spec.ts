import type { SimulatorControl } from '../simulator/control-client';
import { campaign } from './support/campaign';
import { eventually } from './support/eventually';
import { Deliverer, inParallel } from './support/many';
import { SECRET_KEY } from './support/service';
import { CPF, CUSTOMER, ORDER } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

/** The default budget: 50,000 reads per month, 1,612 per day. */
const READS_PER_DAY = 1_612;
/** The part of it that a stranger can use with orders without a payment attempt. */
const READS_OF_UNPAID_ORDERS = 242;

/** With 8 reads of each a day, either number would cause more than {@link READS_OF_UNPAID_ORDERS}. */
const OWN_ORDERS = campaign(95, 35);
const UNPAID_ORDERS = campaign(1_290, 45);
/** With {@link STATUS_EVENTS} more than the 8 reads of a day that one order may cause by webhooks. */
const FORGED_EVENTS = campaign(20, 4);

const STATUS_EVENTS = ['OrderPaid', 'order_approved', 'OrderPaidByPix', 'order_integrated', 'OrderRefund'];

describe('Strangers can not use up the reads that statuses need', () => {
  let system: TestSystem;
  let control: SimulatorControl;
  let deliverer: Deliverer;

  beforeEach(async () => {
    deliverer = new Deliverer();
    // A day's reads are sent within seconds; the limits per day are the default ones.
    system = await startSystem({ APPMAX_BACKGROUND_PER_SECOND: '1000', APPMAX_ORDER_READ_INTERVAL: '0' });
    ({ control } = system);
  }, 60_000);

  afterEach(async () => {
    await deliverer.close();
    await system.stop();
  });

  const shop = async (route: string, body: object, instance = 0): Promise<number> => {
    const answer = await system.services[instance]!.send('POST', `/checkout/${system.key}/${route}`, {
      body,
    });
    expect(answer.status).toBe(200);
    return answer.body['order_id'] as number;
  };

  const makeOrders = (count: number): Promise<number[]> =>
    inParallel(Array.from({ length: count }), 12, (_, index) =>
      shop('order', { customer: CUSTOMER, order: ORDER }, index % 2),
    );

  const sellByPix = (): Promise<number> =>
    shop('pay/pix', { customer: CUSTOMER, order: ORDER, document_number: CPF });

  const deliver = async (event: string, orderId: number): Promise<void> => {
    const { status } = await deliverer.deliver(system.services[orderId % 2]!.url, {
      event,
      event_type: 'order',
      external_key: system.key,
      data: { order_id: orderId },
    });
    expect(status).toBe(200);
  };

  const statusOf = async (orderId: number): Promise<unknown> =>
    (
      await system.database.query<{ status: string }>(
        'SELECT status FROM orders WHERE appmax_order_id = $1',
        [orderId],
      )
    )[0]?.status;

  const becomes = (orderId: number, status: string): Promise<void> =>
    eventually(async () => {
      expect(await statusOf(orderId)).toBe(status);
    });

  /** Lets an hour pass: everything that the schedule goes by happened an hour earlier. */
  const passAnHour = (): Promise<unknown> =>
    system.database.query(`
      UPDATE order_refreshes SET since = since - interval '1 hour', next_at = next_at - interval '1 hour',
        asked_at = asked_at - interval '1 hour', requested_at = requested_at - interval '1 hour'
      WHERE lease_token IS NULL`);

  /** Waits until no sync is due or running. */
  const syncsAreDone = (): Promise<void> =>
    eventually(async () => {
      expect(
        await system.database.query(
          `SELECT count(*)::int AS open FROM order_refreshes
           WHERE next_at <= now() OR lease_token IS NOT NULL OR NOT is_scheduled`,
        ),
      ).toEqual([{ open: 0 }]);
    }, 120);

  const readsOfDay = async (): Promise<Record<string, number>> =>
    (
      await system.database.query<Record<string, number>>(
        'SELECT reads, webhook_reads, sync_reads, operator_reads FROM background_reads',
      )
    )[0] ?? {};

  it(`forged webhooks of ${OWN_ORDERS} own orders leave the reads for a true payment`, async () => {
    const own = await makeOrders(OWN_ORDERS);
    const paid = await sellByPix();
    const silent = await sellByPix();
    const names = [
      ...STATUS_EVENTS,
      ...Array.from({ length: FORGED_EVENTS }, (_, index) => `Forged${index}`),
    ];
    for (const event of names) {
      await inParallel(own, 24, (orderId) => deliver(event, orderId));
      await syncsAreDone();
    }
    expect((await readsOfDay())['webhook_reads']).toBeLessThanOrEqual(READS_OF_UNPAID_ORDERS);

    await control.act(paid, 'pay');
    await deliver('OrderPaidByPix', paid);
    await becomes(paid, 'aprovado');
    // Appmax sends no webhook for this one: the schedule finds it.
    await control.act(silent, 'pay');
    await passAnHour();
    await becomes(silent, 'aprovado');
  }, 400_000);

  it('one order has at most 8 reads a day because of webhooks, and the schedule still reads it', async () => {
    const orderId = await sellByPix();
    for (let round = 0; round < 12; round += 1) {
      await deliver(`Forged${round}`, orderId);
      await syncsAreDone();
    }
    expect(await readsOfDay()).toMatchObject({ webhook_reads: 8 });
    await control.act(orderId, 'pay');
    await passAnHour();
    // A request that comes at the same time does not take the place of the sync.
    await deliver('Forged', orderId);
    await becomes(orderId, 'aprovado');
    const { webhook_reads: ofWebhooks, sync_reads: ofSchedule } = await readsOfDay();
    expect(ofWebhooks).toBe(8);
    expect(ofSchedule).toBeGreaterThan(0);
  });

  it(`${UNPAID_ORDERS} orders without a payment attempt cost no read`, async () => {
    const unpaid = await makeOrders(UNPAID_ORDERS);
    const orderId = await sellByPix();
    await syncsAreDone();
    await passAnHour();
    await syncsAreDone();
    await control.act(orderId, 'pay');
    for (let hour = 0; hour < 2; hour += 1) {
      await passAnHour();
      await syncsAreDone();
    }
    await becomes(orderId, 'aprovado');
    expect((await readsOfDay())['reads']).toBeLessThan(10);

    // The schedule goes on: it reads an order that is paid later.
    const later = unpaid[0]!;
    await shop('pay/pix', { order_id: later, document_number: CPF });
    await control.act(later, 'pay');
    for (let hour = 0; hour < 12; hour += 1) await passAnHour();
    await becomes(later, 'aprovado');
  }, 400_000);

  it('an order that was not made here is synced, and so is one for which Appmax shows a payment', async () => {
    const adopted = await sellByPix();
    const paidElsewhere = await sellByPix();
    await system.database.query(
      'DELETE FROM operations WHERE order_id = (SELECT id FROM orders WHERE appmax_order_id = $1)',
      [adopted],
    );
    await system.database.query(
      "DELETE FROM operations WHERE kind = 'pix' AND order_id = (SELECT id FROM orders WHERE appmax_order_id = $1)",
      [paidElsewhere],
    );
    await deliver('OrderPixCreated', paidElsewhere);
    await eventually(async () => {
      expect(
        await system.database.query('SELECT appmax_order_id AS id FROM order_refreshes WHERE has_payment'),
      ).toEqual([{ id: paidElsewhere }]);
    });
    await syncsAreDone();
    for (const orderId of [adopted, paidElsewhere]) await control.act(orderId, 'pay');
    await passAnHour();
    await Promise.all([becomes(adopted, 'aprovado'), becomes(paidElsewhere, 'aprovado')]);
  });

  const use = (columns: string): Promise<unknown> =>
    system.database
      .query(
        `INSERT INTO background_reads (installation_id, day, reads, free_at) SELECT id, now()::date, 0, now() FROM installations
       ON CONFLICT DO NOTHING`,
      )
      .then(() => system.database.query(`UPDATE background_reads SET day = now()::date, ${columns}`));

  const refresh = (orderId: number): Promise<number> =>
    system.services[0]
      .send('POST', `/admin/orders/${orderId}/refresh`, { secretKey: SECRET_KEY })
      .then(({ status }) => status);

  it('an operator has reads after webhooks and the schedule have used all they can', async () => {
    const orderId = await sellByPix();
    await use(`reads = ${READS_PER_DAY - 161}, webhook_reads = 806, sync_reads = 645`);
    expect(await refresh(orderId)).toBe(200);
    await use(`reads = ${READS_PER_DAY}, operator_reads = 161`);
    expect(await refresh(orderId)).toBe(503);
  });

  it('the replay of an event reads its order after webhooks and the schedule have used all they can', async () => {
    const orderId = await sellByPix();
    await use(`reads = ${READS_PER_DAY - 161}, webhook_reads = 806, sync_reads = 645`);
    await deliver('OrderPaidByPix', orderId);
    await control.act(orderId, 'pay');
    const [event] = await system.database.query<{ id: string }>('SELECT id FROM webhook_events');
    const path = `/admin/webhook-events/${event!.id}/replay`;
    expect((await system.services[0].send('POST', path, { secretKey: SECRET_KEY })).status).toBe(200);
    await becomes(orderId, 'aprovado');
  });

  it('the schedule has reads after webhooks and operators have used all they can', async () => {
    const orderId = await sellByPix();
    await syncsAreDone();
    await control.act(orderId, 'pay');
    await use(`reads = ${READS_PER_DAY - 644}, webhook_reads = 806, operator_reads = 162`);
    await passAnHour();
    await becomes(orderId, 'aprovado');
  });

  it('an attempt of an event counts only if Appmax was asked', async () => {
    const orderId = await sellByPix();
    await syncsAreDone();
    await use(
      `reads = ${READS_PER_DAY}, webhook_reads = ${READS_PER_DAY}, sync_reads = 644, operator_reads = 161`,
    );
    await deliver('OrderPaidByPix', orderId);
    const attempts = (): Promise<object[]> =>
      system.database.query(
        'SELECT attempts, last_error FROM webhook_attempts WHERE appmax_order_id = $1 AND lease_token IS NULL',
        [orderId],
      );
    await eventually(async () => {
      expect(await attempts()).toEqual([{ attempts: 0, last_error: 'Appmax was not asked' }]);
    });
    await use('reads = 0, webhook_reads = 0, sync_reads = 0, operator_reads = 0');
    await system.database.query('UPDATE webhook_attempts SET next_attempt_at = now()');
    await eventually(async () => {
      expect(await attempts()).toEqual([
        { attempts: 1, last_error: 'Appmax did not confirm it (the order is pendente)' },
      ]);
    });
  });
});
