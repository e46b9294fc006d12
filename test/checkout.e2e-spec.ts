import { randomUUID } from 'node:crypto';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import type { Answer } from './support/http';
import { SECRET_KEY, startService, type TestService } from './support/service';
import { cardPayment, CPF, CUSTOMER, install, ORDER, ORDER_TOTAL } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';

interface OrderRow {
  appmax_order_id: number;
  appmax_customer_id: number;
  status: string;
  payment_method: string | null;
  total_cents: number;
  pix_qr_code: string | null;
  pix_emv: string | null;
  boleto_pdf_url: string | null;
  boleto_digitavel: string | null;
}

describe.each(['g1', 'g2'] as const)('The checkout, with Appmax answering as %s', (api) => {
  const key = `shop-${randomUUID()}`;
  let database: TestDatabase;
  let simulator: TestSimulator;
  let service: TestService;

  beforeAll(async () => {
    [database, simulator] = await Promise.all([createDatabase(), startSimulator({ api })]);
    service = await startService({ ...database.environment, ...simulator.environment });
    await install(service, simulator, key);
    // Appmax's rate limits have their own tests.
    await simulator.send('PUT', '/_simulator/settings', { body: { rate_limits: false } });
  });

  afterAll(async () => {
    await service.stop();
    await Promise.all([simulator.stop(), database.drop()]);
  });

  const post = (route: string, body: unknown, shop = key): Promise<Answer> =>
    service.send('POST', `/checkout/${shop}/${route}`, { body });

  const row = async (orderId: unknown): Promise<OrderRow | undefined> =>
    (await database.query<OrderRow>('SELECT * FROM orders WHERE appmax_order_id = $1', [orderId]))[0];

  const newOrder = async (): Promise<number> => {
    const answer = await post('order', { customer: CUSTOMER, order: ORDER });
    return answer.body['order_id'] as number;
  };

  const status = async (orderId: unknown): Promise<unknown> =>
    (await service.send('GET', `/checkout/${key}/status/${String(orderId)}`)).body['status'];

  const becomes = (orderId: unknown, wanted: string): Promise<void> =>
    eventually(async () => {
      expect(await status(orderId)).toBe(wanted);
    });

  const atAppmax = async (orderId: unknown, action: string): Promise<void> => {
    const answer = await simulator.send('POST', `/_simulator/orders/${String(orderId)}/${action}`);
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  };

  it('an order is created at Appmax and saved before any payment', async () => {
    const answer = await post('order', { customer: CUSTOMER, order: ORDER });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      customer_id: expect.any(Number) as number,
      order_id: expect.any(Number) as number,
      order_token: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(await row(answer.body['order_id'])).toMatchObject({
      appmax_customer_id: answer.body['customer_id'],
      status: 'pendente',
      payment_method: null,
      total_cents: ORDER_TOTAL,
    });
  });

  it("Appmax gets the client's IP address, unless the request has another one", async () => {
    await post('order', { customer: { ...CUSTOMER, email: 'one@example.com' }, order: ORDER });
    await post('order', {
      customer: { ...CUSTOMER, email: 'two@example.com', ip: '203.0.113.9' },
      order: ORDER,
    });
    const { body } = await simulator.send('GET', '/_simulator/requests');
    const customers = (body['requests'] as { route: string; body: Record<string, unknown> }[])
      .filter(({ route }) => route === 'POST /v1/customers')
      .map((request) => [request.body['email'], request.body['ip']]);
    expect(customers).toEqual(
      expect.arrayContaining([
        ['one@example.com', '127.0.0.1'],
        ['two@example.com', '203.0.113.9'],
      ]),
    );
  });

  it('a card pays an existing order, whose refund then changes its status', async () => {
    const orderId = await newOrder();
    const answer = await post('pay/credit-card', { order_id: orderId, payment: cardPayment() });
    expect([answer.status, answer.body]).toMatchObject([200, { order_id: orderId, status: 'aprovado' }]);
    expect(await row(orderId)).toMatchObject({
      status: 'aprovado',
      payment_method: 'credit_card',
      total_cents: ORDER_TOTAL,
    });
    await atAppmax(orderId, 'refund');
    await becomes(orderId, 'estornado');
  });

  it('a card payment without an order_id creates the order', async () => {
    const answer = await post('pay/credit-card', {
      customer: CUSTOMER,
      order: ORDER,
      payment: cardPayment(),
    });
    expect([answer.status, answer.body['status']]).toEqual([200, 'aprovado']);
    expect(await row(answer.body['order_id'])).toMatchObject({
      status: 'aprovado',
      total_cents: ORDER_TOTAL,
    });
  });

  it("a card that is only authorised is answered with Appmax's status", async () => {
    const answer = await post('pay/credit-card', {
      customer: CUSTOMER,
      order: ORDER,
      payment: cardPayment('4000000000000028'),
    });
    const expected = api === 'g1' ? [422, 'cancelado'] : [200, 'autorizado'];
    expect([answer.status, answer.body['status']]).toEqual(expected);
  });

  it('a declined card is answered 422, and its order can be paid by another card', async () => {
    const orderId = await newOrder();
    const answer = await post('pay/credit-card', {
      order_id: orderId,
      payment: cardPayment('4000000000000002'),
    });
    const status = api === 'g1' ? 'cancelado' : 'pendente';
    expect([answer.status, answer.body]).toEqual([
      422,
      { message: 'payment declined', code: 'payment_declined', order_id: orderId, status },
    ]);
    expect(await row(orderId)).toMatchObject({ payment_method: 'credit_card', total_cents: ORDER_TOTAL });
    const again = await post('pay/credit-card', { order_id: orderId, payment: cardPayment() });
    expect([again.status, again.body['status']]).toEqual([200, 'aprovado']);
  });

  it('a card payment accepts a token from the browser, or an expiry given as numbers', async () => {
    const { number, cvv, expiration_month, expiration_year, ...holder } = cardPayment();
    const token = await service.send('GET', `/installations/${key}/merchant/token`, {
      secretKey: SECRET_KEY,
    });
    const made = await simulator.send('POST', '/v1/payments/tokenize', {
      secretKey: token.body['merchant_bearer_token'] as string,
      body: {
        payment_data: {
          credit_card: { number, cvv, expiration_month, expiration_year, holder_name: 'M SOUZA' },
        },
      },
    });
    const payments = [
      { ...holder, token: (made.body['data'] as { token: string }).token },
      { ...holder, number, cvv, expiration_month: Number(expiration_month), expiration_year: 30 },
    ];
    for (const payment of payments) {
      const answer = await post('pay/credit-card', { customer: CUSTOMER, order: ORDER, payment });
      expect([answer.status, answer.body['status']]).toEqual([200, 'aprovado']);
    }
  });

  it('an open Pix is returned again until it is paid', async () => {
    const answer = await post('pay/pix', { customer: CUSTOMER, order: ORDER, document_number: CPF });
    expect(answer.status).toBe(200);
    // The token is answered only to the request that made the order.
    const { order_id: orderId, qr_code, emv } = answer.body;
    expect(await row(orderId)).toMatchObject({
      status: 'pendente',
      payment_method: 'pix',
      pix_qr_code: qr_code,
      pix_emv: emv,
    });
    const again = await post('pay/pix', { order_id: orderId, document_number: CPF });
    expect([again.status, again.body]).toEqual([200, { order_id: orderId, qr_code, emv }]);
    await atAppmax(orderId, 'pay');
    await becomes(orderId, 'aprovado');
  });

  it('an order whose Pix has expired can be paid by card, in the same row', async () => {
    const orderId = await newOrder();
    await post('pay/pix', { order_id: orderId, document_number: CPF });
    await atAppmax(orderId, 'expire');
    await becomes(orderId, 'cancelado');
    const answer = await post('pay/credit-card', { order_id: orderId, payment: cardPayment() });
    expect([answer.status, answer.body['status']]).toEqual([200, 'aprovado']);
    expect(await row(orderId)).toMatchObject({ status: 'aprovado', payment_method: 'credit_card' });
    const rows = await database.query('SELECT id FROM orders WHERE appmax_order_id = $1', [orderId]);
    expect(rows).toHaveLength(1);
  });

  it('a boleto can be created for a new and for an existing order, and be paid', async () => {
    const direct = await post('pay/boleto', { customer: CUSTOMER, order: ORDER, document_number: CPF });
    const orderId = await newOrder();
    const answer = await post('pay/boleto', { order_id: orderId, customer_id: 0, document_number: CPF });
    expect([direct.status, answer.status]).toEqual([200, 200]);
    const { pdf_url, digitavel } = answer.body;
    expect(await row(orderId)).toMatchObject({
      status: 'pendente',
      payment_method: 'boleto',
      boleto_pdf_url: pdf_url,
      boleto_digitavel: digitavel,
    });
    await atAppmax(orderId, 'pay');
    await becomes(orderId, 'aprovado');
  });

  it('a paid order cannot be paid again', async () => {
    const paid = await post('pay/credit-card', { customer: CUSTOMER, order: ORDER, payment: cardPayment() });
    const orderId = paid.body['order_id'];
    const again = await post('pay/credit-card', { order_id: orderId, payment: cardPayment() });
    expect([again.status, again.body]).toEqual([
      409,
      { message: 'order already paid', code: 'order_already_paid', order_id: orderId, status: 'aprovado' },
    ]);
    const ledger = await simulator.send('GET', '/_simulator/ledger');
    const charges = ledger.text.split(`"order_id":${String(orderId)}`).length - 1;
    expect(charges).toBe(1);
  });

  it('a merchant can neither see nor pay the order of another merchant', async () => {
    const other = `shop-${randomUUID()}`;
    await install(service, simulator, other);
    const orderId = await newOrder();
    const seen = await service.send('GET', `/checkout/${other}/status/${orderId}`);
    const paid = await post('pay/pix', { order_id: orderId, document_number: CPF }, other);
    expect([seen.status, seen.body]).toEqual([404, { message: 'order not found', code: 'order_not_found' }]);
    expect([paid.status, paid.body]).toEqual([404, { message: 'order not found', code: 'order_not_found' }]);
    expect(await row(orderId)).toMatchObject({ payment_method: null });
  });

  it('an unknown shop or order is answered 404', async () => {
    const shop = await post('order', { customer: CUSTOMER, order: ORDER }, 'nobody');
    const order = await service.send('GET', `/checkout/${key}/status/2147483647`);
    const withNul = await service.send('GET', '/checkout/%00/status/1');
    expect([shop.status, shop.body]).toEqual([
      404,
      { message: 'installation not found', code: 'installation_not_found' },
    ]);
    expect([order.status, order.body]).toEqual([
      404,
      { message: 'order not found', code: 'order_not_found' },
    ]);
    expect(withNul.status).toBe(404);
  });

  it.each(['0', '-1', 'abc', '2147483648', '1e3', '1.5'])(
    'the order id %s is answered 400',
    async (orderId) => {
      const answer = await service.send('GET', `/checkout/${key}/status/${orderId}`);
      expect([answer.status, answer.body]).toEqual([
        400,
        { message: 'invalid order_id', code: 'invalid_order_id' },
      ]);
    },
  );

  it('an invalid body is answered with every invalid field', async () => {
    const answer = await post('pay/credit-card', {
      customer: { ...CUSTOMER, email: 'nobody', document_number: '12345678900' },
      order: { ...ORDER, discount_value: 99_999_999, products: [{ ...ORDER.products[0], quantity: 0 }] },
      payment: { ...cardPayment(), installments: 22 },
    });
    expect([answer.status, answer.body['message']]).toEqual([400, 'invalid request body']);
    const errors = answer.body['errors'] as { field: string; message: string }[];
    expect(errors.map(({ field }) => field).sort()).toEqual([
      'customer.document_number',
      'customer.email',
      'order.products.0.quantity',
      'order.products_value',
      'payment.installments',
    ]);
  });
});
