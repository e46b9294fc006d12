import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callShop, cardPayment, CPF, CUSTOMER, ORDER, SECRET, World } from './contract/world';
import { eventually } from './support/eventually';
import type { Answer } from './support/http';
import { freePort } from './support/servers';
import { startService, type TestService } from './support/service';
import { install } from './support/shop';

const FOLDER = join(__dirname, 'fixtures', 'samples');

const sample = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

const ADDRESS = {
  postcode: '01310100',
  street: 'Avenida Paulista',
  number: '1000',
  district: 'Bela Vista',
  city: 'São Paulo',
  state: 'SP',
};

/** The samples of webhooks: the status that each asserts; null for none; `no order` if it concerns no order. */
const WEBHOOKS: Readonly<Record<string, string | null>> = {
  'appstore-customer_created.json': 'no order',
  'appstore-order_approved-card.json': 'aprovado',
  'appstore-order_approved-nested.json': 'aprovado',
  'appstore-order_billet_created.json': 'pendente',
  'appstore-order_paid_by_pix.json': 'aprovado',
  'appstore-payment_not_authorized.json': 'cancelado',
  'appstore-subscription_cancelation-derived.json': 'no order',
  'appstore-subscription_charge_failed-derived.json': 'no order',
  'appstore-subscription_charge_success-derived.json': 'no order',
  'appstore-subscription_created.json': 'no order',
  'appstore-subscription_delayed-derived.json': 'no order',
  'foreign-customer-OrderApproved.json': 'no order',
  'go-SubscriptionCancellationEvent-null-id.json': 'no order',
  'panel2020-CustomerCreated.json': 'no order',
  'panel2020-CustomerInterested.json': 'no order',
  'panel2020-OrderApproved.json': 'aprovado',
  'panel2020-OrderAuthorized.json': 'autorizado',
  'panel2020-OrderAuthorizedWithDelay.json': null,
  'panel2020-OrderBilletCreated.json': 'pendente',
  'panel2020-OrderBilletOverdue.json': 'cancelado',
  'panel2020-OrderIntegrated.json': 'integrado',
  'panel2020-OrderPaid.json': 'aprovado',
  'panel2020-OrderPendingIntegration.json': 'pendente_integracao',
  'panel2020-OrderRefund.json': 'estornado',
  'panel2020-OrderUpSold.json': 'aprovado',
  'panel2020-PaymentNotAuthorized-reason.json': 'cancelado',
  'panel2020-PaymentNotAuthorizedWithDelay-reason.json': null,
  'twolevel-OrderPaid.json': 'aprovado',
  'twolevel-OrderPaidByPix.json': 'aprovado',
  'twolevel-PaymentNotAuthorized-nao-autorizado.json': 'cancelado',
};

/** The order ids in the samples of webhooks. */
const SAMPLE_ORDER = /\b(3173109|3531|3532|4201|4305)\b/g;

describe('Appmax as it is', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create('g2');
    await world.control.change({ webhooks: false });
  });

  afterAll(async () => {
    await world.close();
  });

  beforeEach(async () => {
    await world.control.clearFaults();
    await world.control.clearRequests();
  });

  /** Lets Appmax answer the next call of a route with a body. */
  const answerOnce = (route: string, status: number, body: unknown): Promise<unknown> =>
    world.control.addFault({ kind: 'status', route, status, body });

  /** Counts the calls of a route since the test began. */
  const callsOf = async (route: string): Promise<number> =>
    (await world.control.requests()).by_route[route] ?? 0;

  const adminOrder = (orderId: number): Promise<Answer> => world.get(`/admin/orders/${orderId}`, SECRET);

  const refresh = (orderId: number): Promise<Answer> =>
    world.service.send('POST', `/admin/orders/${orderId}/refresh`, SECRET);

  const pay = (payment: object = {}, order: object = ORDER): Promise<Answer> =>
    world.shop('pay/credit-card', { customer: CUSTOMER, order, payment: { ...cardPayment(), ...payment } });

  describe('row 1, external_id: the browser gets the id that Appmax knows', () => {
    const idAtAppmax = async (key: string): Promise<unknown> =>
      (await world.control.merchants()).find((merchant) => merchant.external_key === key)?.external_id;

    it.each(['g1', 'g2'] as const)('after a first and after further installations, %s', async (api) => {
      await world.control.change({ api });
      const key = `reinstalled-${api}`;
      await install(world.service, world.simulator, key);
      const config = async (): Promise<unknown> =>
        (await callShop(world.service, key, 'config')).body['external_id'];
      const first = await config();
      expect(first).toMatch(/^[0-9a-f-]{36}$/);
      await eventually(async () => {
        expect(await idAtAppmax(key)).toBe(first);
      });
      const ids = [first];
      for (let again = 0; again < 2; again += 1) {
        await world.control.uninstall(key);
        await install(world.service, world.simulator, key);
        const token = await world.get(`/installations/${key}/merchant/token`, SECRET);
        await eventually(async () => {
          expect(await config()).toBe(token.body['merchant_client_id']);
          expect(await idAtAppmax(key)).toBe(token.body['merchant_client_id']);
        });
        ids.push(await config());
      }
      expect(new Set(ids).size).toBe(3);
      const listed = await world.get(`/admin/installations?external_key=${key}`, SECRET);
      expect((listed.body['data'] as { external_id: string }[])[0]?.external_id).toBe(first);
      await world.control.change({ api: 'g2' });
    });

    it('an installation whose health check comes twice with the same credentials is a first one', async () => {
      const key = 'health-checked-twice';
      await install(world.service, world.simulator, key);
      const { body } = await world.get(`/installations/${key}/merchant/token`, SECRET);
      const before = (await callShop(world.service, key, 'config')).body;
      const again = await world.service.send('POST', '/integrations/appmax/callback/install', {
        body: {
          app_id: world.simulator.appIdNumeric,
          external_key: key,
          client_key: key,
          client_id: body['merchant_client_id'],
          client_secret: body['merchant_client_secret'],
        },
      });
      expect(again.body).toEqual({ external_id: before['external_id'] });
      expect((await callShop(world.service, key, 'config')).body).toEqual(before);
    });
  });

  describe('row 2, installments: the client gets cents in every form', () => {
    const plansOf = async (total: number, number = 12): Promise<unknown> =>
      (await world.shop(`installments?total_value=${total}&installments=${number}`)).body;

    it.each(['totals_cents', 'totals_reais', 'parcels_cents'] as const)(
      'the form %s of the simulator',
      async (installments_form) => {
        await world.control.change({ installments_form });
        for (const total of [500, 15_990, 1_234_567]) {
          const plans = (await plansOf(total)) as {
            installments: number;
            value: number;
            total_value: number;
          }[];
          expect(plans).toHaveLength(12);
          plans.forEach(({ installments, value, total_value }) => {
            expect(total_value).toBe(Math.round(total * (1 + (2 * (installments - 1)) / 100)));
            expect(value).toBe(Math.round(total_value / installments));
          });
        }
        await world.control.change({ installments_form: null });
      },
    );

    it.each([
      ['api-installments-docs.json', 10_000, [10_000, 10_200, 10_404]],
      ['api-installments-sandbox-observed.json', 20_000, [20_000, 20_796, 21_194]],
    ] as const)('%s', async (name, total, totals) => {
      await answerOnce('POST /v1/payments/installments', 200, JSON.parse(sample(name)));
      const plans = (await plansOf(total, 3)) as { total_value: number }[];
      expect(plans.map(({ total_value }) => total_value)).toEqual(totals);
    });

    it('more than 12 installments are not asked for', async () => {
      expect(await plansOf(10_000, 21)).toHaveLength(12);
    });
  });

  it('row 3, script: the sandbox has its own script', async () => {
    const script = async (adminUrl: string): Promise<unknown> =>
      world.withService(
        { APPMAX_ADMIN_URL: adminUrl },
        async (service) => (await callShop(service, world.key, 'config')).body['script_url'],
      );
    expect(await script('https://breakingcode.sandboxappmax.com.br')).toBe(
      'https://scripts.sandboxappmax.com.br/appmax.min.js',
    );
    expect(await script('https://admin.appmax.com.br')).toBe('https://scripts.appmax.com.br/appmax.min.js');
  });

  describe('row 4, interest', () => {
    it('interest in products_value is charged, shown as a fee, and can be refunded', async () => {
      // R$ 149.90 in products, R$ 15.00 shipping, R$ 5.00 discount; 3 installments with 4 % interest.
      const withInterest = { ...ORDER, products_value: 16_630 - 1_500 + 500 };
      const paid = await pay({ installments: 3 }, withInterest);
      const orderId = paid.body['order_id'] as number;
      expect((await world.control.order(orderId)).captured).toBe(16_630);
      expect((await refresh(orderId)).status).toBe(200);
      expect((await adminOrder(orderId)).body['total_cents']).toBe(16_630);
      const refund = { order_id: orderId, type: 'partial' };
      expect((await world.shop('refund', { ...refund, value: 16_631 }, SECRET)).status).toBe(422);
      expect((await world.shop('refund', { ...refund, value: 16_630 }, SECRET)).status).toBe(200);
    });

    it('an order in installments without interest is charged as it was made', async () => {
      const paid = await pay({ installments: 12 });
      expect((await world.control.order(paid.body['order_id'] as number)).captured).toBe(15_990);
    });

    it('api-order-get-with-interest-200.json: the total counts the fee that Appmax tells', async () => {
      const orderId = (await pay({ installments: 3 })).body['order_id'] as number;
      const told: unknown = JSON.parse(
        sample('api-order-get-with-interest-200.json').replace('4001', String(orderId)),
      );
      await answerOnce('GET /v1/orders/:id', 200, told);
      expect((await refresh(orderId)).status).toBe(200);
      expect((await adminOrder(orderId)).body['total_cents']).toBe(20_812);
    });

    it('a refund can reach what was paid, also if Appmax gives no amounts', async () => {
      const orderId = (await pay({ installments: 2 })).body['order_id'] as number;
      const told = { data: { order: { id: orderId, status: 'aprovado', total_paid: 16_490 } } };
      await answerOnce('GET /v1/orders/:id', 200, told);
      const refused = await world.shop(
        'refund',
        { order_id: orderId, type: 'partial', value: 16_491 },
        SECRET,
      );
      expect([refused.status, refused.body['refundable_cents']]).toEqual([422, 16_490]);
      await answerOnce('GET /v1/orders/:id', 200, told);
      await answerOnce('POST /v1/orders/refund-request', 200, { data: { message: 'ok' } });
      const accepted = await world.shop(
        'refund',
        { order_id: orderId, type: 'partial', value: 16_490 },
        SECRET,
      );
      expect(accepted.status).toBe(200);
    });
  });

  describe('row 5, declines: answered as a decline and sent once', () => {
    it.each<[number, unknown]>([
      [400, { error: { message: 'Payment not authorized' } }],
      [400, { errors: { message: 'Pagamento não autorizado' } }],
      [401, { error: { message: 'Payment not authorized' } }],
      [401, { success: false, text: 'Transação não autorizada pelo emissor', data: [] }],
      [401, { message: 'Não autorizado' }],
      [402, { message: 'Whatever it says' }],
      [403, { success: false, error: true, data: { errorCode: '403', message: 'Cartão recusado' } }],
      [422, { data: { message: { payment: ['Pagamento não autorizado'] } } }],
      [422, { success: false, data: 'Card not accepted' }],
      [422, { message: 'The given data failed.', errors: { message: 'Autorização negada' } }],
      [200, { success: false, data: { message: 'Pagamento não aprovado' } }],
    ])('%s %j', async (status, body) => {
      await answerOnce('POST /v1/payments/credit-card', status, body);
      const answer = await pay();
      expect([answer.status, answer.body['message']]).toEqual([422, 'payment declined']);
      expect(answer.body).toMatchObject({
        order_id: expect.any(Number) as number,
        status: expect.any(String) as string,
      });
      expect(await callsOf('POST /v1/payments/credit-card')).toBe(1);
    });

    it.each<[number, unknown, number]>([
      [400, { message: 'Transaction error.' }, 400],
      [401, { message: 'Unauthorized' }, 502],
      [403, JSON.parse(sample('api-error-wallet-403-old-envelope.json')), 502],
      [422, { errors: { message: { installments: ['is too large'] } } }, 422],
    ])('another text stays what its status says, and is sent once: %s %j', async (status, body, expected) => {
      await answerOnce('POST /v1/payments/credit-card', status, body);
      const answer = await pay();
      expect(answer.status).toBe(expected);
      expect(answer.body['message']).not.toBe('payment declined');
      expect(await callsOf('POST /v1/payments/credit-card')).toBe(1);
    });

    it.each(['Unauthenticated.', 'Token expired', 'invalid_client'])(
      'a 401 that speaks of the token or the client is sent again: %s',
      async (message) => {
        await answerOnce('POST /v1/payments/credit-card', 401, { message });
        expect((await pay()).body['status']).toBe('aprovado');
        expect(await callsOf('POST /v1/payments/credit-card')).toBe(2);
      },
    );
  });

  describe("row 7, callback: Appmax's validator", () => {
    it('its placeholders are answered with different UUIDs and change nothing', async () => {
      const rows = (): Promise<object[]> => world.database.query('SELECT * FROM installations ORDER BY id');
      const before = await rows();
      expect(await world.control.validateCallback()).toEqual({ passed: true, reason: '' });
      expect(await rows()).toEqual(before);
    });

    it.each([
      { app_id: 'DEMO_APP_ID' },
      { app_id: 'DEMO_APP_ID', external_key: 'shop', client_key: 'other' },
      { app_id: 'DEMO_APP_ID', merchant_client_id: 'DEMO_CLIENT_ID', merchant_client_secret: 'DEMO_SECRET' },
    ])('the placeholders %j are answered', async (body) => {
      const answer = await world.service.send('POST', '/integrations/appmax/callback/install', { body });
      expect([answer.status, Object.keys(answer.body)]).toEqual([200, ['external_id']]);
    });
  });

  describe('events whose meaning is unsure, with webhooks that are not verified', () => {
    let service: TestService;

    beforeAll(async () => {
      service = await startService({
        ...world.database.environment,
        ...world.simulator.environment,
        APP_PORT: String(await freePort()),
        WEBHOOK_VERIFICATION: 'none',
        APPMAX_ORDER_READ_INTERVAL: '0',
      });
    });

    afterAll(() => service.stop());

    const deliver = (body: unknown): Promise<Answer> => service.send('POST', '/webhooks/appmax', { body });

    const statusOf = async (orderId: number): Promise<unknown> => (await adminOrder(orderId)).body['status'];

    it.each([
      ['row 8, split_orders', { event: 'split_orders', event_type: 'order' }],
      ['row 10, late events', { event: 'OrderAuthorizedWithDelay' }],
      ['row 10, late events', { event: 'PaymentNotAuthorizedWithDelay | Reason: Não autorizado' }],
      ['row 10, late events', { event: 'PaymentAuthorizedWithDelay' }],
      ['row 10, late events', { event: 'order_authorized_with_delay', event_type: 'order' }],
      ['row 10, late events', { event: 'payment_not_authorized_with_delay', event_type: 'payment' }],
    ])('%s: %j asks Appmax and never moves the order back', async (_, envelope) => {
      const orderId = (await pay()).body['order_id'] as number;
      await world.control.act(orderId, 'integrate');
      // Not by a sync: the next one of the same order would have to wait.
      await world.database.query("UPDATE orders SET status = 'integrado' WHERE appmax_order_id = $1", [
        orderId,
      ]);
      await world.control.clearRequests();
      const answer = await deliver({ ...envelope, data: { order_id: orderId, status: 'cancelado' } });
      expect(answer.body).toEqual({ message: 'ok' });
      await eventually(async () => {
        expect(await callsOf('GET /v1/orders/:id')).toBeGreaterThan(0);
      });
      expect(await statusOf(orderId)).toBe('integrado');
    });

    it('a late refusal of an order that was paid meanwhile leads to what Appmax says', async () => {
      const first = await pay({ number: '4000000000000002' });
      const orderId = first.body['order_id'] as number;
      await world.control.act(orderId, 'set-status', { status: 'aprovado' });
      await deliver({
        event: 'PaymentNotAuthorizedWithDelay | Reason: Autorizacao negada',
        data: { order_id: orderId },
      });
      await eventually(async () => {
        expect(await statusOf(orderId)).toBe('aprovado');
      });
    });

    it('row 6, subscriptions: CreatedSubscription approves its order, other events have none', async () => {
      const orderId = await world.newOrder();
      await deliver({ event: 'CreatedSubscription', data: { id: orderId, customer_id: 7 } });
      expect(await statusOf(orderId)).toBe('aprovado');
    });

    it('row 9, order_up_sold: the event is about its own order, not the one in upsell_order_id', async () => {
      const [orderId, first] = [await world.newOrder(), await world.newOrder()];
      await deliver({
        event: 'order_up_sold',
        event_type: 'order',
        data: { order_id: orderId, upsell_order_id: first },
      });
      expect([await statusOf(orderId), await statusOf(first)]).toEqual(['aprovado', 'pendente']);
    });

    it('row 18, chargeback_vencido: the dispute is over, and no other event changes the order', async () => {
      const orderId = (await pay()).body['order_id'] as number;
      await deliver({ event: 'OrderChargeBackGain', data: { order_id: orderId } });
      await deliver({ event: 'order_chargeback_in_treatment', data: { order_id: orderId } });
      expect(await statusOf(orderId)).toBe('chargeback_vencido');
    });

    it('row 19, chain: order_authorized → order_approved → order_paid → order_integrated', async () => {
      const orderId = await world.newOrder();
      for (const event of ['order_integrated', 'order_authorized', 'order_paid', 'order_approved'])
        await deliver({ event, event_type: 'order', data: { order_id: orderId } });
      expect(await statusOf(orderId)).toBe('integrado');
    });

    it('row 20, ids: data.order.id and data.order_id name the order', async () => {
      const [nested, flat] = [await world.newOrder(), await world.newOrder()];
      await deliver({ event: 'order_approved', data: { order: { id: nested } } });
      await deliver({ event: 'order_approved', data: { order_id: flat, order: { id: nested } } });
      expect([await statusOf(nested), await statusOf(flat)]).toEqual(['aprovado', 'aprovado']);
    });

    it('every sample of a webhook has a test', () => {
      const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json') && !name.startsWith('api-'));
      expect(Object.keys(WEBHOOKS).sort()).toEqual(names.sort());
    });

    it.each(Object.entries(WEBHOOKS))('%s: %s', async (name, expected) => {
      const orderId = randomInt(1_000_000, 2_000_000_000);
      await world.database.query(
        `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id, status)
         SELECT id, 1, $2, $3 FROM installations WHERE external_key = $1`,
        [world.key, orderId, expected === 'pendente' ? 'cancelado' : 'pendente'],
      );
      const text = sample(name).replaceAll(SAMPLE_ORDER, String(orderId));
      expect((await deliver(text)).body).toEqual({ message: 'ok' });
      const [stored] = await world.database.query<{ appmax_order_id: number | null; payload: unknown }>(
        'SELECT appmax_order_id, payload, processed FROM webhook_events ORDER BY id DESC LIMIT 1',
      );
      expect(stored).toEqual({
        appmax_order_id: expected === 'no order' ? null : orderId,
        payload: JSON.parse(text) as unknown,
        processed: true,
      });
      const untouched = expected === 'no order' || expected === null;
      expect(await statusOf(orderId)).toBe(untouched ? 'pendente' : expected);
    });
  });

  it('row 11, sandbox cards: 4000 0000 0000 0044 fails without a decline, and the order can still be paid', async () => {
    const failed = await pay({ number: '4000000000000044' });
    expect([failed.status, failed.body['message']]).toEqual([422, 'falha no pedido']);
    const [order] = await world.control.orders({ external_key: world.key });
    expect(order?.status).toBe('pendente');
    const authorised = await pay({ number: '4000000000000028' });
    expect([authorised.status, authorised.body['status']]).toEqual([200, 'autorizado']);
  });

  it('row 12, limits: api-error-rate-limit-429.json tells how long to wait', async () => {
    const body: unknown = JSON.parse(sample('api-error-rate-limit-429.json'));
    await answerOnce('POST /v1/payments/installments', 429, body);
    const answer = await world.shop('installments?total_value=1000');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '45']);
  });

  describe('row 13, error shapes', () => {
    it.each<[string, number, unknown, number, string]>([
      [
        'api-error-validation-generic-top.json',
        422,
        JSON.parse(sample('api-error-validation-generic-top.json')),
        422,
        'phone: The phone field must have a maximum of 11 characters.',
      ],
      [
        'api-error-recipient-422.json',
        422,
        JSON.parse(sample('api-error-recipient-422.json')),
        422,
        'account.name: O campo account.name é obrigatório.; company.companyDocumentNumber: O campo company.company document number é obrigatório.',
      ],
      [
        'api-error-wallet-403-old-envelope.json',
        403,
        JSON.parse(sample('api-error-wallet-403-old-envelope.json')),
        502,
        'Documento em lista restritiva',
      ],
      [
        'api-v3-error-data-number.json',
        200,
        JSON.parse(sample('api-v3-error-data-number.json')),
        400,
        'Failed to get order: 999',
      ],
      [
        'data as a text',
        404,
        { success: false, data: 'Pedido não encontrado' },
        404,
        'Pedido não encontrado',
      ],
      ['success as null', 409, { success: null, message: 'Duplicado' }, 409, 'Duplicado'],
      ['success as a text', 200, { success: 'false', text: 'Recusado' }, 400, 'Recusado'],
      ['no text', 422, { data: 400 }, 422, 'order creation failed'],
    ])('%s', async (_, status, body, expected, message) => {
      await answerOnce('POST /v1/customers', status, body);
      const answer = await world.shop('order', { customer: CUSTOMER, order: ORDER });
      expect([answer.status, answer.body['message']]).toEqual([expected, message]);
    });

    it.each(['ATIVA', null, true, undefined])('an answer with success %j is a success', async (success) => {
      const payment = { pix_qrcode: 'iVBORw0KGgo=', pix_emv: '000201' };
      await answerOnce('POST /v1/payments/pix', 200, { success, data: { payment } });
      const answer = await world.shop('pay/pix', { customer: CUSTOMER, order: ORDER, document_number: CPF });
      expect(answer.body).toMatchObject({ qr_code: 'iVBORw0KGgo=', emv: '000201' });
    });

    it.each([
      ['example.com/order/success-by-order?hash=1', 'https://example.com/order/success-by-order?hash=1'],
      ['http://example.com/ok', 'http://example.com/ok'],
      ['javascript:alert(document.domain)', undefined],
      ['data:text/html,<script>alert(1)</script>', undefined],
      ['//example.com/ok', 'https://example.com/ok'],
    ])('the redirect_url %s reaches the client as %s', async (redirect_url, expected) => {
      const { upsell_hash } = (await pay()).body;
      await answerOnce('POST /v1/orders/upsell', 200, { data: { message: 'Sold', redirect_url } });
      const { products } = ORDER;
      const answer = await world.shop('upsell', { upsell_hash, products_value: 4_990, products });
      expect([answer.status, answer.body['redirect_url']]).toEqual([200, expected]);
    });
  });

  describe('row 14, limits of fields: refused before anything is made at Appmax, or made to fit', () => {
    it.each<[string, object]>([
      ['customer.phone', { customer: { ...CUSTOMER, phone: '+54 3572 60-0000' } }],
      ['customer.phone', { customer: { ...CUSTOMER, phone: '119888877771' } }],
      ['customer.phone', { customer: { ...CUSTOMER, phone: '11988887777 ramal 2' } }],
      [
        'customer.address.postcode',
        { customer: { ...CUSTOMER, address: { ...ADDRESS, postcode: 'SW1A 1AA' } } },
      ],
      ['customer.address.state', { customer: { ...CUSTOMER, address: { ...ADDRESS, state: 'São Paulo' } } }],
      ['payment.soft_descriptor', { payment: { ...cardPayment(), soft_descriptor: 'MINHA LOJA 123' } }],
      ['payment.installments', { payment: { ...cardPayment(), installments: 13 } }],
    ])('%s is refused: %j', async (field, change) => {
      const answer = await world.shop('pay/credit-card', {
        customer: CUSTOMER,
        order: ORDER,
        payment: cardPayment(),
        ...change,
      });
      expect([answer.status, answer.body['message']]).toEqual([400, 'invalid request body']);
      expect((answer.body['errors'] as { field: string }[]).map((error) => error.field)).toEqual([field]);
      expect(await callsOf('POST /v1/customers')).toBe(0);
    });

    it.each([
      ['+55 (11) 98888-7777', '01310-100', 'sp'],
      ['5511988887777', '01.310-100', 'Sp'],
      ['0055 11 98888 7777', ' 01310 100 ', ' SP '],
    ])('%s, %s and %s reach Appmax without masks', async (phone, postcode, state) => {
      const address = { ...ADDRESS, postcode, state };
      const answer = await world.shop('order', { customer: { ...CUSTOMER, phone, address }, order: ORDER });
      expect(answer.status).toBe(200);
      const { requests } = await world.control.requests();
      const sent = requests.find(({ route }) => route === 'POST /v1/customers')?.body;
      expect(sent).toMatchObject({ phone: '11988887777', address: { postcode: '01310100', state: 'SP' } });
    });
  });

  it('row 15, domain_names: the hosts go to Appmax, and the hash comes back as token', async () => {
    const key = 'with-domains';
    await world.withService(
      {
        APPMAX_DOMAIN_NAMES: 'Checkout.Example.com, pagar.example.com.br',
      },
      async (service) => {
        await install(service, world.simulator, key);
      },
    );
    const merchant = (await world.control.merchants()).find(({ external_key }) => external_key === key);
    expect(merchant?.domain_names).toEqual(['checkout.example.com', 'pagar.example.com.br']);
  });

  it('row 16, sums: products_value counts, beside the prices of the products', async () => {
    const order = { ...ORDER, products_value: 20_000, shipping_value: 0, discount_value: 0 };
    const made = await world.shop('order', { customer: CUSTOMER, order });
    expect((await world.control.order(made.body['order_id'] as number)).total).toBe(20_000);
    expect((await adminOrder(made.body['order_id'] as number)).body['total_cents']).toBe(20_000);
  });

  it.each([
    [
      'row 17, Pix',
      { method: 'pix', end_to_end_id: 'E1', pay_reference: 'x', creation_date: '2026-11-20 10:00:00' },
    ],
    ['row 21, card number', { method: 'creditcard', card: { brand: 'visa', number: '400000****0010' } }],
    ['row 21, card number', { method: 'creditcard', card: { brand: 'visa', number: '****0010' } }],
  ])('%s: an order with the payment %j is read', async (_, payment) => {
    const orderId = await world.newOrder();
    const order = { id: orderId, status: 'aprovado', total_paid: 15_990 };
    await answerOnce('GET /v1/orders/:id', 200, { data: { order, payment } });
    const answer = await refresh(orderId);
    expect([answer.status, answer.body['status']]).toEqual([200, 'aprovado']);
  });
});
