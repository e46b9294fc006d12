import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './support/eventually';
import { CARD, DECLINED, PIX, REFUND, useMoneySystem } from './support/money';
import { SECRET_KEY } from './support/service';
import { cardPayment, CUSTOMER, ORDER, ORDER_TOTAL } from './support/shop';

/** Histories that moved money twice, or gave a shopper a wrong answer, before there was one ledger. */
describe('Histories of money', () => {
  const {
    control,
    system,
    post,
    withKey,
    newOrder,
    paidOrder,
    payByCard,
    payByPix,
    payByBoleto,
    refund,
    summaryOf,
    charges,
    statusOf,
    states,
    spawn,
  } = useMoneySystem();

  it('an order whose second card is answered 502 and charged later is not charged a third time', async () => {
    const orderId = await newOrder();
    expect(summaryOf(await payByCard(orderId, DECLINED))).toEqual([422, 'payment declined']);
    await control().addFault({ kind: 'late', answer: 502, seconds: 2, route: CARD });
    const second = payByCard(orderId);
    await sleep(500);
    expect(summaryOf(await payByCard(orderId))).toEqual([
      409,
      'another payment of this order is in progress',
    ]);
    expect(summaryOf(await second)).toEqual([200, 'aprovado']);
    expect(summaryOf(await payByCard(orderId))).toEqual([409, 'order already paid']);
    expect([await charges(orderId), await statusOf(orderId)]).toEqual([1, 'aprovado']);
  }, 60_000);

  it('a payment is not judged as not made before the call’s limit and the settle time are over', async () => {
    const orderId = await newOrder();
    await control().addFault({ kind: 'late', answer: 502, seconds: 2.5, route: CARD });
    await control().addFault({ kind: 'status', status: 503, route: 'GET /v1/orders/:id', times: null });
    expect(summaryOf(await payByCard(orderId))).toEqual([502, 'payment outcome unknown']);
    await control().clearFaults();
    await eventually(async () => {
      expect(await states(orderId)).toEqual(['credit_card done']);
    }, 30);
    expect(summaryOf(await payByCard(orderId))).toEqual([409, 'order already paid']);
    expect(await charges(orderId)).toBe(1);
  }, 60_000);

  it('a charge after every deadline reopens its operation, and the order is flagged as paid twice', async () => {
    const orderId = await newOrder();
    await control().addFault({
      kind: 'late',
      answer: 502,
      seconds: 14,
      route: CARD,
      even_if_paid: true,
    });
    // Judged as not made while the shopper waits, or later.
    expect((await payByCard(orderId)).status).toBe(502);
    await eventually(async () => {
      expect(await states(orderId)).toEqual(['credit_card not_done']);
    }, 13);
    expect(summaryOf(await payByCard(orderId))).toEqual([200, 'aprovado']);
    await eventually(async () => {
      expect(await charges(orderId)).toBe(2);
    }, 15);
    const path = `/admin/orders/${orderId}/refresh`;
    await system().services[0].send('POST', path, { secretKey: SECRET_KEY });
    const flagged = await system().services[0].send(
      'GET',
      `/admin/operations?paid_twice=true&order_id=${orderId}`,
      { secretKey: SECRET_KEY },
    );
    expect(flagged.body['data']).toHaveLength(1);
  }, 60_000);

  it('a payment that another instance makes while a request reads the order does not prove an earlier one', async () => {
    // This instance must get a token before it reads the order, so that its read is later than its look at the rows.
    const slow = await spawn({ CACHE_DRIVER: 'memory' });
    const orderId = await newOrder();
    await control().addFault({ kind: 'status', status: 502, route: CARD });
    await payByCard(orderId);
    await eventually(async () => {
      expect(await states(orderId)).toEqual(['credit_card not_done']);
    }, 30);
    await control().addFault({ kind: 'drip', seconds: 2, when: 'after', route: 'POST /oauth2/token' });
    const path = `/checkout/${system().key}/pay/credit-card`;
    const late = slow.send('POST', path, { body: { order_id: orderId, payment: cardPayment() } });
    await sleep(500);
    expect(summaryOf(await payByCard(orderId))).toEqual([200, 'aprovado']);
    expect(summaryOf(await late)).toEqual([409, 'order already paid']);
    expect(await states(orderId)).toEqual(['credit_card not_done', 'credit_card done']);
    expect(await charges(orderId)).toBe(1);
    await slow.stop();
  }, 60_000);

  it('a later card with a lost answer can pay an order whose row says recusado_por_risco', async () => {
    const orderId = await newOrder();
    expect((await payByCard(orderId, DECLINED)).status).toBe(422);
    await system().database.query(
      "UPDATE orders SET status = 'recusado_por_risco' WHERE appmax_order_id = $1",
      [orderId],
    );
    await control().addFault({ kind: 'reset', route: CARD, when: 'after' });
    const key = withKey(randomUUID());
    expect(summaryOf(await payByCard(orderId, undefined, key))).toEqual([200, 'aprovado']);
    expect(summaryOf(await payByCard(orderId, undefined, key))).toEqual([200, 'aprovado']);
    expect([await charges(orderId), await statusOf(orderId)]).toEqual([1, 'aprovado']);
  }, 60_000);

  it('every payment method of an order that was paid without a webhook answers that it is already paid', async () => {
    const orderId = await newOrder();
    expect((await payByPix(orderId)).status).toBe(200);
    await control().act(orderId, 'pay');
    for (const pay of [payByPix, payByBoleto, (id: number) => payByCard(id)]) {
      const answer = await pay(orderId);
      expect([answer.status, answer.body]).toEqual([
        409,
        { message: 'order already paid', code: 'order_already_paid', order_id: orderId, status: 'aprovado' },
      ]);
    }
    expect(await statusOf(orderId)).toBe('aprovado');
  });

  it('a paid code is not returned again, even to an identical body', async () => {
    const orderId = await newOrder();
    expect((await payByPix(orderId, { withoutKey: true })).status).toBe(200);
    await control().act(orderId, 'pay');
    expect(summaryOf(await payByPix(orderId, { withoutKey: true }))).toEqual([409, 'order already paid']);
  });

  it('an open code is returned again after other payments were tried or declined', async () => {
    const orderId = await newOrder();
    const [pix, boleto] = [await payByPix(orderId), await payByBoleto(orderId)];
    expect((await payByCard(orderId, DECLINED)).status).toBe(422);
    expect((await payByPix(orderId)).body).toEqual(pix.body);
    expect((await payByBoleto(orderId)).body).toEqual(boleto.body);
    expect((await control().order(orderId)).payments.map(({ method }) => method)).toEqual([
      'pix',
      'boleto',
      'credit_card',
    ]);
  });

  it('an order gets a new code when its Pix has expired, although the webhook was lost', async () => {
    await control().change({ pix_expires_after_seconds: 1, api: 'g2' });
    const orderId = await newOrder();
    const first = await payByPix(orderId);
    await sleep(1500);
    const second = await payByPix(orderId);
    await control().change({ pix_expires_after_seconds: 1800 });
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body['emv']).not.toBe(first.body['emv']);
  });

  it('a request with one key is not answered by the decline of another key', async () => {
    const orderId = await newOrder();
    const key = withKey(randomUUID());
    await control().addFault({ kind: 'status', status: 429, route: CARD });
    expect((await payByCard(orderId, undefined, key)).status).toBe(503);
    expect((await payByCard(orderId, DECLINED)).status).toBe(422);
    expect(summaryOf(await payByCard(orderId, undefined, key))).toEqual([200, 'aprovado']);
    expect(await charges(orderId)).toBe(1);
  });

  it.each(['401', '403', '422', 'error'] as const)(
    'a card that is declined in the form %s is sent once and answered as declined',
    async (form) => {
      const orderId = await newOrder();
      await control().change({ decline_form: form, decline_text: 'Payment not authorized' });
      await control().clearRequests();
      const answer = await payByCard(orderId, DECLINED);
      await control().change({ decline_form: null, decline_text: null });
      expect(summaryOf(answer)).toEqual([422, 'payment declined']);
      expect(answer.body).toMatchObject({ order_id: orderId });
      const { requests } = await control().requests(50);
      expect(requests.filter(({ path }) => path.endsWith('/payments/credit-card'))).toHaveLength(1);
    },
  );

  it('two simultaneous clicks make one order with one charge', async () => {
    const body = {
      customer: { ...CUSTOMER, email: `${randomUUID()}@example.com` },
      order: ORDER,
      payment: cardPayment(),
    };
    const before = (await control().ledger()).length;
    const clicks = await Promise.all(
      [0, 1].map((instance) => post('pay/credit-card', body, { withoutKey: true }, instance)),
    );
    const again = await post('pay/credit-card', body, { withoutKey: true });
    expect(clicks.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 'true']);
    expect((await control().ledger()).length - before).toBe(1);
  });

  it.each([
    ['a new status', { card_status_override: 'em_analise' } as const, 'em_analise'],
    ['no status at all', { card_answer_status: false } as const, 'aprovado'],
  ])(
    'an order whose card was accepted with %s is not charged by another card',
    async (_, settings, status) => {
      await control().change({ ...settings, api: 'g1' });
      const orderId = await newOrder();
      expect(summaryOf(await payByCard(orderId))).toEqual([200, status]);
      const second = await payByCard(orderId);
      await control().change({ card_status_override: null, card_answer_status: true, api: 'g2' });
      expect([second.status, second.body['status']]).toEqual([409, status]);
      expect([await charges(orderId), await statusOf(orderId)]).toEqual([1, status]);
    },
  );

  it('an order with an unknown status of Appmax is not payable', async () => {
    const orderId = await newOrder();
    expect((await payByCard(orderId, DECLINED)).status).toBe(422);
    await control().act(orderId, 'set-status', { status: 'em_analise' });
    const answer = await payByCard(orderId);
    expect([answer.status, answer.body['status']]).toEqual([409, 'em_analise']);
    expect(await charges(orderId)).toBe(0);
  });

  describe('Refunds', () => {
    it('a total refund after a partial one refunds the rest', async () => {
      const orderId = await paidOrder();
      expect((await refund({ order_id: orderId, type: 'partial', value: 990 })).status).toBe(200);
      expect((await refund({ order_id: orderId, type: 'total' })).status).toBe(200);
      const { refunds } = await control().order(orderId);
      expect(refunds.map(({ amount }) => amount)).toEqual([990, ORDER_TOTAL - 990]);
      expect((await refund({ order_id: orderId, type: 'total' })).status).toBe(422);
    });

    it.each(['refund', 'chargeback'] as const)('a refund after a %s is refused', async (action) => {
      const orderId = await paidOrder();
      await control().act(orderId, action);
      expect(summaryOf(await refund({ order_id: orderId, type: 'total' }))).toEqual([
        409,
        "order can't be refunded",
      ]);
      expect(await states(orderId)).toEqual(['credit_card done']);
    });

    it('an order can be refunded again after Appmax has denied the first refund', async () => {
      await control().change({ refund_review: true });
      const orderId = await paidOrder();
      expect((await refund({ order_id: orderId, type: 'total' })).status).toBe(200);
      const refresh = `/admin/orders/${orderId}/refresh`;
      await system().services[0].send('POST', refresh, { secretKey: SECRET_KEY });
      expect((await refund({ order_id: orderId, type: 'total' })).status).toBe(422);
      await control().act(orderId, 'deny-refund');
      // Until then, a lagging read could show the order before the review.
      await sleep(9_000);
      await control().change({ refund_review: false });
      expect((await refund({ order_id: orderId, type: 'total' })).status).toBe(200);
      expect(await states(orderId)).toEqual(['credit_card done', 'refund denied', 'refund done']);
    });

    it('a refund is confirmed once Appmax has returned the money', async () => {
      const orderId = await paidOrder();
      await refund({ order_id: orderId, type: 'total' });
      await control().act(orderId, 'refund');
      await system().services[0].send('POST', `/admin/orders/${orderId}/refresh`, { secretKey: SECRET_KEY });
      expect(await states(orderId)).toEqual(['credit_card done', 'refund confirmed']);
    });

    it('a refund that Appmax answers with an empty body is accepted', async () => {
      const orderId = await paidOrder();
      await control().addFault({ kind: 'empty_body', route: REFUND, when: 'after' });
      expect((await refund({ order_id: orderId, type: 'total' })).status).toBe(200);
      expect(await states(orderId)).toEqual(['credit_card done', 'refund done']);
    });

    it('a refund that fails for lack of a token is not sent, and can be made afterwards', async () => {
      const orderId = await paidOrder();
      await control().revokeTokens();
      await control().addFault({
        kind: 'status',
        status: 503,
        route: 'POST /oauth2/token',
        times: null,
      });
      const failed = await refund({ order_id: orderId, type: 'total' });
      expect([502, 503]).toContain(failed.status);
      await control().clearFaults();
      await eventually(async () => {
        expect((await refund({ order_id: orderId, type: 'total' })).status).toBe(200);
      }, 40);
      expect((await control().order(orderId)).refunds).toHaveLength(1);
    }, 60_000);

    it('a shopper’s request with the same idempotency key does not block a refund', async () => {
      const orderId = await paidOrder();
      const key = withKey(randomUUID());
      await post('order', { customer: CUSTOMER, order: ORDER }, key);
      expect((await refund({ order_id: orderId, type: 'total' }, key)).status).toBe(200);
    });
  });

  it('an order whose Pix was lost gets another one after the call’s limit, not before', async () => {
    const orderId = await newOrder();
    await control().change({ pix_when_pending: 'new' });
    await control().addFault({ kind: 'reset', route: PIX, when: 'after' });
    expect(summaryOf(await payByPix(orderId))).toEqual([502, 'payment outcome unknown']);
    expect(summaryOf(await payByPix(orderId))).toEqual([409, 'another payment of this order is in progress']);
    await eventually(async () => {
      expect((await payByPix(orderId)).status).toBe(200);
    }, 20);
    await control().change({ pix_when_pending: 'no_qr' });
  }, 60_000);
});
