import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './support/eventually';
import type { Answer } from './support/http';
import { type Money, REFUND, UPSELL, withMoneySystem } from './support/money';
import { stopChild } from './support/servers';
import { SECRET_KEY } from './support/service';
import { cardPayment, CPF, CUSTOMER, ORDER } from './support/shop';

/**
 * Histories of money in which a process ends, or stands still, at the wrong time. Most of them wait until a lease is
 * over: those run at once, each in a system of its own.
 */
describe('Histories of money with a process that is killed, paused or replaced', () => {
  const resolve = ({ system }: Money, id: number, outcome: string): Promise<Answer> =>
    system().services[1].send('POST', `/admin/operations/${id}/resolve`, {
      body: { outcome, note: 'Seen in the panel' },
      secretKey: SECRET_KEY,
    });

  it.concurrent(
    'a request that is repeated while its instance is being replaced makes one order',
    () =>
      withMoneySystem(async ({ control, system, summaryOf, spawn, withKey }) => {
        const service = await spawn({ APPMAX_TIMEOUT: '40' });
        await control().addFault({ kind: 'drip', seconds: 24, when: 'after', route: 'POST /v1/orders' });
        const body = { customer: CUSTOMER, order: ORDER, payment: cardPayment() };
        const options = { body, ...withKey(randomUUID()) };
        const path = `/checkout/${system().key}/pay/credit-card`;
        const before = (await control().ledger()).length;
        const first = service.send('POST', path, options);
        await sleep(1000);
        const stopped = stopChild(service.child, 'SIGTERM');
        await sleep(21_500);
        expect((await system().services[0].send('POST', path, options)).status).toBe(409);
        expect(summaryOf(await first)).toEqual([200, 'aprovado']);
        await stopped;
        const repeat = await system().services[0].send('POST', path, options);
        expect([repeat.text, repeat.headers.get('idempotent-replayed')]).toEqual([
          (await first).text,
          'true',
        ]);
        expect((await control().ledger()).length - before).toBe(1);
      }),
    180_000,
  );

  it.concurrent(
    'an order is refunded once although the process is killed after Appmax has accepted',
    () =>
      withMoneySystem(async (money) => {
        const { control, system, withKey, paidOrder, refund, summaryOf, operations, states, spawn } = money;
        const orderId = await paidOrder();
        const service = await spawn({ APPMAX_TIMEOUT: '60' });
        await control().addFault({ kind: 'hang', seconds: 60, route: REFUND, when: 'after' });
        const body = { order_id: orderId, type: 'partial', value: 1000 };
        const key = withKey(randomUUID());
        const cut = service
          .send('POST', `/checkout/${system().key}/refund`, { body, secretKey: SECRET_KEY, ...key })
          .catch(() => undefined);
        await eventually(async () => {
          expect((await control().order(orderId)).refunds).toHaveLength(1);
        });
        await stopChild(service.child, 'SIGKILL');
        await cut;
        await control().clearFaults();
        await eventually(async () => {
          expect(await states(orderId)).toEqual(['credit_card done', 'refund unknown']);
        }, 40);
        expect(summaryOf(await refund(body, key))).toEqual([502, 'refund outcome unknown']);
        expect(summaryOf(await refund({ order_id: orderId, type: 'total' }))).toEqual([
          409,
          'another refund of this order has an unknown outcome',
        ]);
        const [, unknown] = await operations(orderId);
        expect((await resolve(money, unknown!.id, 'done')).body).toMatchObject({
          state: 'done',
          resolution_note: 'Seen in the panel',
          resolved_by: expect.stringMatching(/^key [0-9a-f]{8}$/) as string,
        });
        expect((await refund(body, key)).status).toBe(200);
        expect((await control().order(orderId)).refunds).toHaveLength(1);
      }),
    180_000,
  );

  it.concurrent(
    'an upsell is charged once although the process is killed after Appmax has charged it',
    () =>
      withMoneySystem(async ({ control, system, post, newOrder, payByCard, summaryOf, spawn, withKey }) => {
        const orderId = await newOrder();
        const paid = await payByCard(orderId);
        const body = {
          upsell_hash: paid.body['upsell_hash'],
          products_value: 4990,
          products: [{ sku: 'UP-1', name: 'Boné', quantity: 1, unit_value: 4990 }],
        };
        const service = await spawn({ APPMAX_TIMEOUT: '60' });
        await control().addFault({ kind: 'hang', seconds: 60, route: UPSELL, when: 'after' });
        const before = (await control().ledger()).length;
        const cut = service
          .send('POST', `/checkout/${system().key}/upsell`, { body, ...withKey(randomUUID()) })
          .catch(() => undefined);
        await eventually(async () => {
          expect((await control().ledger()).length).toBe(before + 1);
        });
        await stopChild(service.child, 'SIGKILL');
        await cut;
        await control().clearFaults();
        await eventually(async () => {
          expect(summaryOf(await post('upsell', body))).toEqual([502, 'payment outcome unknown']);
        }, 40);
        expect((await control().ledger()).length).toBe(before + 1);
        const shown = await system().services[0].send('GET', '/admin/operations?state=unknown&kind=upsell', {
          secretKey: SECRET_KEY,
        });
        expect(shown.body['data']).toMatchObject([{ kind: 'upsell', state: 'unknown', amount_cents: 4990 }]);
      }),
    180_000,
  );

  // The pause must come at a certain moment: this one runs last, alone.
  it(
    'a process that was paused past its lease does not send its payment',
    () =>
      withMoneySystem(async ({ system, newOrder, payByCard, summaryOf, charges, states, spawn }) => {
        const service = await spawn({ APPMAX_RATE_BURST: '1', APPMAX_RATE_PER_SECOND: '1' });
        const payAt = (route: string, body: object): Promise<Answer> =>
          service.send('POST', `/checkout/${system().key}/${route}`, { body });
        // Pauses the process while its payment is prepared, but waits for its turn in the rate limiter behind another one.
        const pausePayment = async (): Promise<{ orderId: number; paused: Promise<Answer> }> => {
          const [orderId, other] = [await newOrder(), await newOrder()];
          await payAt('pay/pix', { order_id: other, document_number: CPF });
          const paused = payAt('pay/credit-card', { order_id: orderId, payment: cardPayment() });
          await eventually(async () => {
            expect(await states(orderId)).toHaveLength(1);
          });
          // The row is there before the process has read so; paused now, its statement would time out, and 503 be answered.
          await sleep(150);
          service.child.kill('SIGSTOP');
          if ((await states(orderId))[0] === 'credit_card prepared') return { orderId, paused };
          // It was sent already.
          service.child.kill('SIGCONT');
          await paused;
          return pausePayment();
        };
        const { orderId, paused } = await pausePayment();
        await eventually(async () => {
          expect(summaryOf(await payByCard(orderId))).toEqual([200, 'aprovado']);
        }, 40);
        service.child.kill('SIGCONT');
        expect(summaryOf(await paused)).toEqual([409, 'order already paid']);
        await service.stop();
        expect([await charges(orderId), await states(orderId)]).toEqual([
          1,
          ['credit_card not_sent', 'credit_card done'],
        ]);
      }),
    180_000,
  );
});
