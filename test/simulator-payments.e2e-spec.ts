import { getBoletoInfo, getPixPayloadInfo, isValidBoleto } from '@brazilian-utils/brazilian-utils';
import { type Answer } from './support/http';
import { at, cards, SimulatorMerchant } from './support/simulator-merchant';
import { SimulatorWorld } from './support/simulator-world';

const instant = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;
const text = expect.any(String) as string;

/** Returns the message of an error in any of the two generations. */
function messageOf(answer: Answer): unknown {
  const paths = ['errors.message', 'error.message', 'data.message'];
  return paths.map((path) => at(answer, path)).find((message) => message !== undefined);
}

describe.each(['g1', 'g2'] as const)('payments on the simulator, %s', (api) => {
  let world: SimulatorWorld;
  let merchant: SimulatorMerchant;
  beforeAll(async () => (world = await SimulatorWorld.start(api)));
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.reset();
    merchant = await SimulatorMerchant.create(world);
  });
  const created = api === 'g1' ? 200 : 201;

  describe('POST /v1/payments/credit-card', () => {
    it('the approved card is charged', async () => {
      const { order_id, answer } = await merchant.paidOrder();
      expect(answer.status).toBe(created);
      expect(answer.body).toEqual({
        data:
          api === 'g1'
            ? {
                payment: {
                  id: expect.any(Number) as number,
                  pay_reference: text,
                  upsell_hash: text,
                  status: 'aprovado',
                },
              }
            : {
                order: { id: order_id, status: 'aprovado' },
                payment: {
                  method: 'creditcard',
                  installments: 1,
                  paid_at: expect.stringMatching(instant) as string,
                },
                upsell_hash: text,
              },
      });
      expect(await world.control.ledger(order_id)).toMatchObject([{ kind: 'charge', cents: 11_000 }]);
    });

    it.each([
      ['authorized', 200, 201, 'cancelado', 'autorizado'],
      ['declined', 200, 402, 'cancelado', 'cancelado'],
      ['transactionError', 400, 400, 'pendente', 'pendente'],
      ['orderFailed', 422, 422, 'pendente', 'pendente'],
      ['gatewayUnavailable', 503, 503, 'pendente', 'pendente'],
      ['other', 200, 402, 'cancelado', 'cancelado'],
    ] as const)(
      'the card %s gives %i in G1, %i in G2, and the order %s or %s',
      async (card, statusG1, statusG2, orderG1, orderG2) => {
        const order = await merchant.order();
        const answer = await merchant.payByCard(order, cards[card]);
        expect(answer.status).toBe(api === 'g1' ? statusG1 : statusG2);
        expect(await merchant.status(order.order_id)).toBe(api === 'g1' ? orderG1 : orderG2);
        if (api === 'g1' && answer.status === 200) expect(at(answer, 'data.payment.pay_reference')).toBe('');
        if (api === 'g2' && answer.status === 402) expect(at(answer, 'error.message')).toEqual(text);
        expect(await world.control.ledger(order.order_id)).toEqual([]);
      },
    );

    it('the card orderFailed is answered 422 with a message', async () => {
      const answer = await merchant.payByCard(await merchant.order(), cards.orderFailed);
      expect([answer.status, messageOf(answer)]).toEqual([422, 'falha no pedido']);
    });

    it.each([
      ['401', 401, 'Payment not authorized'],
      ['402', 402, 'Pagamento não autorizado'],
      ['403', 403, 'Pagamento não autorizado'],
      ['422', 422, 'Pagamento não autorizado'],
      ['error', 400, 'Pagamento não autorizado'],
      ['success_false', 200, 'Pagamento não autorizado'],
      ['empty_reference', 200, null],
    ] as const)('a decline can have the form %s', async (decline_form, status, message) => {
      await world.control.change({ decline_form });
      const answer = await merchant.payByCard(await merchant.order(), cards.declined);
      expect(answer.status).toBe(status);
      if (message !== null) expect(messageOf(answer)).toBe(message);
      if (decline_form === 'success_false') expect(answer.body).toMatchObject({ success: false });
    });

    it.each(['401', '402'] as const)('a decline as %s can have another message', async (decline_form) => {
      await world.control.change({ decline_form, decline_text: 'Saldo insuficiente' });
      const answer = await merchant.payByCard(await merchant.order(), cards.declined);
      expect([answer.status, messageOf(answer)]).toEqual([Number(decline_form), 'Saldo insuficiente']);
    });

    it('the settings can leave the status out of an answer of G1', async () => {
      await world.control.change({ card_answer_status: false });
      const { answer } = await merchant.paidOrder();
      const declined = await merchant.payByCard(await merchant.order(), cards.declined);
      if (api === 'g1') {
        expect(Object.keys(at(answer, 'data.payment') as object)).toEqual([
          'id',
          'pay_reference',
          'upsell_hash',
        ]);
        expect(Object.keys(at(declined, 'data.payment') as object)).toEqual(['id', 'pay_reference']);
      } else expect(at(answer, 'data.order.status')).toBe('aprovado');
    });

    it('the settings can override the status of a charged card', async () => {
      await world.control.change({ card_status_override: 'em_analise' });
      const { order_id, answer } = await merchant.paidOrder();
      expect(at(answer, api === 'g1' ? 'data.payment.status' : 'data.order.status')).toBe('em_analise');
      const shown = await merchant.show(order_id);
      expect(at(shown, 'data.order')).toMatchObject({ status: 'em_analise', total_paid: 11_000 });
    });

    it('a payment of a paid order is answered 400', async () => {
      const order = await merchant.paidOrder();
      expect((await merchant.payByCard(order)).status).toBe(400);
    });

    it('two simultaneous calls charge twice: there is no idempotency', async () => {
      const order = await merchant.order();
      // Long enough for both calls to overlap on a busy machine.
      await world.control.change({ card_processing_milliseconds: 2_000 });
      const answers = await Promise.all([merchant.payByCard(order), merchant.payByCard(order)]);
      await world.control.change({ card_processing_milliseconds: 0 });
      expect(answers.map(({ status }) => status)).toEqual([created, created]);
      expect(await world.control.ledger(order.order_id)).toHaveLength(2);
    });

    it('no interest is added, and a document with wrong check digits is refused', async () => {
      const order = await merchant.order();
      const bad = await merchant.payByCard(order, cards.approved, { holder_document_number: '12345678900' });
      expect(bad.status).toBe(422);
      await merchant.payByCard(order, cards.approved, { installments: 3, soft_descriptor: 'LOJA' });
      const shown = await merchant.show(order.order_id);
      expect(at(shown, 'data.order.total_paid')).toBe(11_000);
      expect(at(shown, 'data.order.amounts.installment_fee')).toBe(0);
      expect(at(shown, 'data.payment')).toMatchObject({ installments: 3, installments_amount: 3667 });
    });
  });

  it('POST /v1/payments/tokenize gives a token that pays once, for its merchant only', async () => {
    const card = {
      number: cards.approved,
      cvv: '123',
      expiration_month: '01',
      expiration_year: '28',
      holder_name: 'M',
    };
    const answer = await merchant.post('/v1/payments/tokenize', { payment_data: { credit_card: card } });
    expect(answer.status).toBe(created);
    const token = at(answer, 'data.token') as string;
    const other = await SimulatorMerchant.create(world, 'outra-loja');
    expect((await other.payByToken(await other.order(), token)).status).toBe(422);
    expect((await merchant.payByToken(await merchant.order(), token)).status).toBe(created);
    expect((await merchant.payByToken(await merchant.order(), token)).status).toBe(422);
  });

  it('POST /v1/payments/installments gives the value of an installment in G1, totals in G2', async () => {
    const answer = await merchant.post('/v1/payments/installments', {
      installments: 3,
      total_value: 10_000,
      settings: true,
    });
    if (api === 'g1') expect(answer.body).toEqual({ data: { parcels: { 1: 10_000, 2: 5100, 3: 3466.67 } } });
    else {
      const installments = { 1: { total: 10_000 }, 2: { total: 10_200 }, 3: { total: 10_400 } };
      expect(answer.body).toEqual({ data: { installments, settings: expect.any(Object) as object } });
    }
  });

  it('POST /v1/payments/pix gives a code and its image for the total of the order', async () => {
    const { order_id } = await merchant.order();
    const answer = await merchant.payByPix(order_id);
    expect(answer.status).toBe(created);
    const form =
      api === 'g1'
        ? { code: 'data.payment.pix_emv', picture: 'data.payment.pix_qrcode' }
        : { code: 'data.pix.emv_code', picture: 'data.pix.qr_code' };
    expect(getPixPayloadInfo(at(answer, form.code) as string)).toMatchObject({ amount: 110 });
    expect(
      Buffer.from(at(answer, form.picture) as string, 'base64')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    if (api === 'g2') expect(at(answer, 'data.pix.expires_at')).toMatch(instant);
    expect(await merchant.status(order_id)).toBe('pendente');
  });

  it('POST /v1/payments/boleto gives a valid PDF and a valid digitable line', async () => {
    const { order_id } = await merchant.order();
    const answer = await merchant.payByBoleto(order_id);
    expect(answer.status).toBe(created);
    const line = at(
      answer,
      api === 'g1' ? 'data.payment.boleto_digitable_line' : 'data.boleto.digitable_line',
    ) as string;
    expect(isValidBoleto(line)).toBe(true);
    expect(getBoletoInfo(line)?.amount).toBe(11_000);
    const url = at(answer, api === 'g1' ? 'data.payment.boleto_link_pdf' : 'data.boleto.pdf_url') as string;
    const pdf = await fetch(url);
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect((await pdf.text()).slice(0, 5)).toBe('%PDF-');
  });

  it('a Pix or a boleto of a paid order is answered 404', async () => {
    const { order_id } = await merchant.paidOrder();
    expect((await merchant.payByPix(order_id)).status).toBe(404);
    expect((await merchant.payByBoleto(order_id)).status).toBe(404);
  });

  describe('Pix', () => {
    it('a Pix has no QR code while the order has another pending payment', async () => {
      const { order_id } = await merchant.order();
      await merchant.payByBoleto(order_id);
      const answer = await merchant.payByPix(order_id);
      expect(answer.status).toBeLessThan(300);
      const code = at(answer, api === 'g1' ? 'data.payment.pix_emv' : 'data.pix.emv_code');
      expect(code).toBe(api === 'g1' ? '' : null);
    });

    it('a second Pix can be created with a setting, and then both can be paid', async () => {
      await world.control.change({ pix_when_pending: 'new' });
      const { order_id } = await merchant.order();
      await merchant.payByPix(order_id);
      await merchant.payByPix(order_id);
      await world.control.act(order_id, 'pay');
      const twice = await world.control.act(order_id, 'pay');
      expect(twice).toMatchObject({ status: 'aprovado', captured: 22_000 });
    });

    it('the image of a Pix can have a data: prefix or none', async () => {
      await world.control.change({ qr_code_prefix: true });
      const answer = await merchant.payByPix((await merchant.order()).order_id);
      const picture = at(answer, api === 'g1' ? 'data.payment.pix_qrcode' : 'data.pix.qr_code');
      expect(picture).toMatch(/^data:image\/png;base64,/);
    });

    it('a Pix can have the other form of G2', async () => {
      await world.control.change({ pix_form: 'payment' });
      const answer = await merchant.payByPix((await merchant.order()).order_id);
      const fields = Object.keys(at(answer, 'data.payment') as object);
      const more = api === 'g2' ? ['pay_reference', 'pix_expiration_date'] : [];
      expect(fields).toEqual(['pix_qrcode', 'pix_emv', ...more]);
    });
  });
});
