import type { z } from 'zod';
import { AppmaxFailure } from '../failures/appmax-failure';
import { read } from './answer';
import { installmentsAnswer } from './installments';
import * as answers from './schemas';

const PNG = 'iVBORw0KGgoAAAANSUhEUg==';
const order = {
  id: 70012,
  status: 'aprovado',
  total_paid: 16_490,
  amounts: { sub_total: 14_990, shipping_value: 2_000, discount: 500, installment_fee: 0 },
  created_at: '2026-11-20 10:00:00',
  updated_at: '2026-11-20 10:00:05',
};

const plansAnswer = installmentsAnswer({ totalCents: 10_000, installments: 12 });

/** The payment data of the order above. */
const TOLD = { totalPaidCents: 16_490, updatedAt: '2026-11-20 10:00:05' };

type Case = [what: string, schema: z.ZodType, answer: unknown, expected: unknown];

describe("Appmax's answers", () => {
  it.each<Case>([
    [
      'a token',
      answers.tokenAnswer,
      { access_token: 'abc', token_type: 'Bearer', expires_in: 3600 },
      { access_token: 'abc', expires_in: 3600 },
    ],
    [
      'a token whose lifetime is a text',
      answers.tokenAnswer,
      { access_token: 'abc', expires_in: '3600' },
      { access_token: 'abc', expires_in: 3600 },
    ],
    [
      'a token without a lifetime',
      answers.tokenAnswer,
      { access_token: 'abc' },
      { access_token: 'abc', expires_in: 0 },
    ],
    [
      'a token with an invalid lifetime',
      answers.tokenAnswer,
      { access_token: 'abc', expires_in: 'soon' },
      { access_token: 'abc', expires_in: 0 },
    ],
    ['a hash', answers.authorizeAnswer, { data: { token: 'HASH' } }, { token: 'HASH' }],
    [
      'credentials',
      answers.generateAnswer,
      { data: { client: { client_id: 'id', client_secret: 'secret', name: 'Shop' } } },
      { client: { client_id: 'id', client_secret: 'secret' } },
    ],
    ['a customer', answers.customerAnswer, { data: { customer: { id: 501 } } }, { customer: { id: 501 } }],
    [
      'a customer whose id is a text',
      answers.customerAnswer,
      { data: { customer: { id: '501', name: 'Marina' } } },
      { customer: { id: 501 } },
    ],
    [
      'a new order',
      answers.orderAnswer,
      { data: { order: { id: 70012, status: 'pendente' } } },
      { order: { id: 70012, status: 'pendente' } },
    ],
    [
      'a new order whose id is a text',
      answers.orderAnswer,
      { data: { order: { id: '70012', status: 'aguardando_pagamento' } } },
      { order: { id: 70012, status: 'pendente' } },
    ],
    [
      'a new order without a status',
      answers.orderAnswer,
      { data: { order: { id: 2_147_483_647 } } },
      { order: { id: 2_147_483_647 } },
    ],
    [
      'an order',
      answers.getOrderAnswer,
      {
        data: {
          order,
          customer: { id: 501, name: 'Marina', email: 'marina@example.com', document_number: '52998224725' },
          payment: { method: 'creditcard', installments: 1, card: { brand: 'visa', number: '0010' } },
        },
      },
      { id: 70012, status: 'aprovado', customerId: 501, totalCents: 16_490, ...TOLD, method: 'credit_card' },
    ],
    [
      'an order whose ids and amounts are texts',
      answers.getOrderAnswer,
      {
        data: {
          order: {
            ...order,
            id: '70012',
            amounts: { sub_total: '14990', shipping_value: '0', discount: '' },
          },
          customer: { id: '501' },
        },
      },
      { id: 70012, status: 'aprovado', customerId: 501, totalCents: 14_990, ...TOLD },
    ],
    [
      'an order with its refund, and no customer',
      answers.getOrderAnswer,
      { data: { order: { ...order, status: 'estornado' }, refund: { refunded_at: '2026-11-21 08:00:00' } } },
      {
        id: 70012,
        status: 'estornado',
        customerId: undefined,
        totalCents: 16_490,
        ...TOLD,
        refundedAt: '2026-11-21 08:00:00',
      },
    ],
    [
      'an order whose installments have interest',
      answers.getOrderAnswer,
      {
        data: {
          order: {
            ...order,
            total_paid: 20_812,
            amounts: { sub_total: 20_000, shipping_value: 0, discount: 0, installment_fee: 812 },
          },
        },
      },
      { id: 70012, status: 'aprovado', totalCents: 20_812, ...TOLD, totalPaidCents: 20_812 },
    ],
    [
      'an order without amounts, whose other parts are empty lists',
      answers.getOrderAnswer,
      { data: { order: { id: 70012, status: 'pendente', amounts: [] }, customer: [], payment: [] } },
      { id: 70012, status: 'pendente', customerId: undefined, totalCents: 0 },
    ],
    [
      'an order with an unknown status',
      answers.getOrderAnswer,
      { data: { order: { ...order, status: 'em_revisao' } } },
      { id: 70012, status: 'em_revisao', customerId: undefined, totalCents: 16_490, ...TOLD },
    ],
    [
      'an order with a discount above its price',
      answers.getOrderAnswer,
      { data: { order: { ...order, amounts: { sub_total: 100, shipping_value: 0, discount: 500 } } } },
      { id: 70012, status: 'aprovado', customerId: undefined, totalCents: 0, ...TOLD },
    ],
    [
      'a card payment of the older form',
      answers.cardAnswer,
      { data: { payment: { id: 9, pay_reference: 'ref-1', upsell_hash: 'up', status: 'aprovado' } } },
      { declined: false, recognised: true, status: 'aprovado', upsellHash: 'up' },
    ],
    [
      'a card payment of the older form without a status',
      answers.cardAnswer,
      { data: { payment: { id: 9, pay_reference: 'ref-1', upsell_hash: '' } } },
      { declined: false, recognised: true, status: undefined, upsellHash: undefined },
    ],
    [
      'a card payment whose reference is a number',
      answers.cardAnswer,
      { data: { payment: { id: 9, pay_reference: 4711 } } },
      { declined: false, recognised: true, status: undefined, upsellHash: undefined },
    ],
    [
      'a card payment that was declined, its reference empty',
      answers.cardAnswer,
      { data: { payment: { id: 9, pay_reference: '', status: 'cancelado' } } },
      { declined: true, recognised: true, status: 'cancelado', upsellHash: undefined },
    ],
    [
      'a card payment that was declined, its reference null',
      answers.cardAnswer,
      { data: { payment: { id: 9, pay_reference: null } } },
      { declined: true, recognised: true, status: undefined, upsellHash: undefined },
    ],
    [
      'a card payment whose reference is empty beside an order without a status',
      answers.cardAnswer,
      { data: { order: { id: 70012 }, payment: { pay_reference: '' } } },
      { declined: true, recognised: true, status: undefined, upsellHash: undefined },
    ],
    [
      'a card payment whose reference is empty, of an order that is paid',
      answers.cardAnswer,
      { data: { order: { id: 70012, status: 'aprovado' }, payment: { pay_reference: '' } } },
      { declined: false, recognised: true, status: 'aprovado', upsellHash: undefined },
    ],
    [
      'a card payment whose reference is empty, of an order with an unknown status',
      answers.cardAnswer,
      { data: { order: { id: 70012, status: 'em_analise' }, payment: { pay_reference: null } } },
      { declined: false, recognised: true, status: 'em_analise', upsellHash: undefined },
    ],
    [
      'a card payment of the newer form',
      answers.cardAnswer,
      {
        data: {
          order: { id: 70012, status: 'aprovado' },
          payment: { method: 'creditcard', installments: 2, paid_at: '2026-11-20 10:00:05' },
          upsell_hash: 'up',
        },
      },
      { declined: false, recognised: true, status: 'aprovado', upsellHash: 'up' },
    ],
    [
      'a card payment of the newer form while anti-fraud runs',
      answers.cardAnswer,
      {
        data: {
          order: { id: 70012, status: 'autorizado' },
          payment: { method: 'creditcard', installments: 1, paid_at: null },
          upsell_hash: null,
        },
      },
      { declined: false, recognised: true, status: 'autorizado', upsellHash: undefined },
    ],
    [
      'a card payment with empty data',
      answers.cardAnswer,
      { data: [] },
      { declined: false, recognised: false, status: undefined, upsellHash: undefined },
    ],
    [
      'a Pix of the older form',
      answers.pixAnswer,
      { data: { payment: { pix_qrcode: PNG, pix_emv: '000201' } } },
      { recognised: true, qrCode: PNG, emv: '000201' },
    ],
    [
      'a Pix of the older form with more fields',
      answers.pixAnswer,
      {
        data: {
          payment: {
            pay_reference: 'ref',
            pix_qrcode: `data:image/png;base64,${PNG}`,
            pix_emv: '000201',
            pix_expiration_date: '2026-11-30 23:59:59',
          },
        },
      },
      {
        recognised: true,
        qrCode: `data:image/png;base64,${PNG}`,
        emv: '000201',
        expiresAt: new Date('2026-12-01T02:59:59Z'),
      },
    ],
    [
      'a Pix of the newer form',
      answers.pixAnswer,
      {
        data: {
          order: { id: 70012, status: 'pendente' },
          pix: { qr_code: PNG, emv_code: '000201', expires_at: '2026-11-30 23:59:59' },
        },
      },
      {
        recognised: true,
        qrCode: PNG,
        emv: '000201',
        expiresAt: new Date('2026-12-01T02:59:59Z'),
      },
    ],
    [
      'a Pix without a code',
      answers.pixAnswer,
      { data: { payment: { pix_qrcode: '', pix_emv: null } } },
      { recognised: true, qrCode: undefined, emv: undefined },
    ],
    [
      'a Pix with empty data',
      answers.pixAnswer,
      { data: [] },
      { recognised: false, qrCode: undefined, emv: undefined },
    ],
    [
      'a boleto of the older form',
      answers.boletoAnswer,
      { data: { payment: { boleto_link_pdf: 'https://b/1.pdf', boleto_digitable_line: '34191' } } },
      { recognised: true, pdfUrl: 'https://b/1.pdf', digitableLine: '34191' },
    ],
    [
      'a boleto of the newer form',
      answers.boletoAnswer,
      {
        data: {
          order: { id: 70012, status: 'pendente' },
          boleto: { pdf_url: 'https://b/1.pdf', digitable_line: '34191', due_date: '2026-12-01' },
        },
      },
      {
        recognised: true,
        pdfUrl: 'https://b/1.pdf',
        digitableLine: '34191',
        dueAt: new Date('2026-12-02T02:59:59Z'),
      },
    ],
    ['a token of a card', answers.tokenizeAnswer, { data: { token: 'tok_1' } }, { token: 'tok_1' }],
    ['a refund', answers.acceptedAnswer, { data: { message: 'Accepted' } }, undefined],
    ['a refund with empty data', answers.acceptedAnswer, { data: [] }, undefined],
    ['a refund with an empty body', answers.acceptedAnswer, null, undefined],
    [
      'an upsell of the older form',
      answers.upsellAnswer,
      { data: { message: 'Sold', redirect_url: 'https://u', order: { id: '70013', status: 'aprovado' } } },
      { message: 'Sold', redirectUrl: 'https://u', orderId: 70_013 },
    ],
    [
      'an upsell of the newer form',
      answers.upsellAnswer,
      { data: { message: 'Sold', redirect_url: 'https://u' } },
      { message: 'Sold', redirectUrl: 'https://u', orderId: undefined },
    ],
    [
      'an upsell whose message repeats data of the request',
      answers.upsellAnswer,
      { data: { message: 'Sold to ana@example.com by 4000 0000 0000 0010' } },
      { message: 'Sold to a…@example.com by …10', redirectUrl: undefined, orderId: undefined },
    ],
    ...[
      ['example.com/order/success-by-order?hash=1', 'https://example.com/order/success-by-order?hash=1'],
      ['loja.exemplo.com.br', 'https://loja.exemplo.com.br'],
      ['//example.com:8443/obrigado', 'https://example.com:8443/obrigado'],
      ['HTTP://example.com', 'HTTP://example.com'],
      ['http://127.0.0.1:8090/orders/1', 'http://127.0.0.1:8090/orders/1'],
      ['javascript:alert(1)', undefined],
      ['java\nscript:alert(1)', undefined],
      ['data:text/html,x', undefined],
      ['ftp://example.com', undefined],
      ['/obrigado', undefined],
      ['https://', undefined],
      ['aprovado', undefined],
      [7, undefined],
    ].map(([redirect_url, redirectUrl]): Case => [
      `an upsell with the redirect_url ${JSON.stringify(redirect_url)}`,
      answers.upsellAnswer,
      { data: { message: 'Sold', redirect_url } },
      { message: 'Sold', redirectUrl, orderId: undefined },
    ]),
    [
      'a boleto whose address has no scheme',
      answers.boletoAnswer,
      { data: { boleto: { pdf_url: 'boleto.example.com/1.pdf', digitable_line: '1' } } },
      { recognised: true, pdfUrl: 'https://boleto.example.com/1.pdf', digitableLine: '1' },
    ],
    [
      'a boleto whose address cannot be used',
      answers.boletoAnswer,
      { data: { boleto: { pdf_url: 'javascript:alert(1)', digitable_line: '1' } } },
      { recognised: false, pdfUrl: undefined, digitableLine: '1' },
    ],
    [
      'data that is wrapped twice',
      answers.pixAnswer,
      { success: 'ATIVA', data: { data: { payment: { pix_qrcode: PNG, pix_emv: '000201' } } } },
      { recognised: true, qrCode: PNG, emv: '000201' },
    ],
    [
      'an upsell with empty data',
      answers.upsellAnswer,
      { data: [] },
      { message: undefined, redirectUrl: undefined, orderId: undefined },
    ],
    [
      'installments of the older form, with the value of one installment',
      plansAnswer,
      { data: { parcels: { '10': 1_100.0, '2': 5_050.0, '1': '10000.00' } } },
      [
        { count: 1, installmentCents: 10_000, total: 10_000 },
        { count: 2, installmentCents: 5_050, total: 10_100 },
        { count: 10, installmentCents: 1_100, total: 11_000 },
      ],
    ],
    [
      'installments of the newer form, with the total',
      plansAnswer,
      {
        data: {
          installments: { '12': { total: 12_000 }, '1': { total: 10_000 }, '2': { total: 10_200 } },
          settings: { free_installments: 1 },
        },
      },
      [
        { count: 1, installmentCents: 10_000, total: 10_000 },
        { count: 2, installmentCents: 5_100, total: 10_200 },
        { count: 12, installmentCents: 1_000, total: 12_000 },
      ],
    ],
    [
      'a boleto with empty data',
      answers.boletoAnswer,
      { data: [] },
      { recognised: false, pdfUrl: undefined, digitableLine: undefined },
    ],
  ])('the answer is read: %s', (_, schema, answer, expected) => {
    expect(read('operation', schema, answer)).toEqual(expected);
  });

  it.each<[what: string, schema: z.ZodType, answer: unknown]>([
    ['a token that is empty', answers.tokenAnswer, { access_token: '', expires_in: 3600 }],
    ['no token', answers.tokenAnswer, { expires_in: 3600 }],
    ['a token that is a number', answers.tokenAnswer, { access_token: 5, expires_in: 3600 }],
    ['no hash', answers.authorizeAnswer, { data: {} }],
    ['an empty hash', answers.authorizeAnswer, { data: { token: '' } }],
    ['a hash with empty data', answers.authorizeAnswer, { data: [] }],
    ['credentials without a secret', answers.generateAnswer, { data: { client: { client_id: 'id' } } }],
    ['credentials with empty data', answers.generateAnswer, { data: [] }],
    ['a customer without an id', answers.customerAnswer, { data: { customer: {} } }],
    ['a customer whose id is 0', answers.customerAnswer, { data: { customer: { id: 0 } } }],
    ['a customer whose id is not a number', answers.customerAnswer, { data: { customer: { id: 'abc' } } }],
    ['a customer with empty data', answers.customerAnswer, { data: [] }],
    [
      'an order whose id has more than 32 bits',
      answers.orderAnswer,
      { data: { order: { id: 2_147_483_648 } } },
    ],
    ['an order whose id is a fraction', answers.orderAnswer, { data: { order: { id: 1.5 } } }],
    ['an order whose id is an empty text', answers.orderAnswer, { data: { order: { id: '' } } }],
    ['an order with empty data', answers.orderAnswer, { data: [] }],
    ['an order that is read, without a status', answers.getOrderAnswer, { data: { order: { id: 1 } } }],
    [
      'an order that is read, with an empty status',
      answers.getOrderAnswer,
      { data: { order: { id: 1, status: '' } } },
    ],
    ['an order that is read, with empty data', answers.getOrderAnswer, { data: [] }],
    ['a card payment that is a text', answers.cardAnswer, { data: { payment: 'done' } }],
    ['a card payment without data', answers.cardAnswer, {}],
    [
      'a card payment whose data is a list',
      answers.cardAnswer,
      { data: [{ payment: { pay_reference: 'x' } }] },
    ],
    ['a card payment whose data is null', answers.cardAnswer, { data: null }],
    ['a token of a card that is empty', answers.tokenizeAnswer, { data: { token: '' } }],
    ['a token of a card with empty data', answers.tokenizeAnswer, { data: [] }],
    ['an upsell without data', answers.upsellAnswer, { message: 'Sold' }],
    ['installments with empty data', plansAnswer, { data: [] }],
    ['installments of neither form', plansAnswer, { data: { plans: {} } }],
    ['installments with a count of 0', plansAnswer, { data: { parcels: { '0': 100 } } }],
    ['installments with a count that is not a number', plansAnswer, { data: { parcels: { two: 100 } } }],
    ['installments with a value that is not a number', plansAnswer, { data: { parcels: { '1': 'much' } } }],
    ['installments of a value below nothing', plansAnswer, { data: { parcels: { '1': -1 } } }],
    ['a Pix whose data is a text', answers.pixAnswer, { data: 'pix' }],
    ['a boleto that is a text', answers.boletoAnswer, 'boleto'],
    ['a boleto that is null', answers.boletoAnswer, null],
    ['a boleto that is a list', answers.boletoAnswer, []],
  ])('an invalid answer leaves the outcome of the call unknown: %s', (_, schema, answer) => {
    expect.assertions(3);
    try {
      read('operation', schema, answer);
    } catch (error) {
      expect(error).toBeInstanceOf(AppmaxFailure);
      expect((error as AppmaxFailure).kind).toBe('unknown');
      expect((error as AppmaxFailure).operation).toBe('operation');
    }
  });

  it('the failure for an invalid answer does not repeat the answer, which may contain secrets', () => {
    expect.assertions(2);
    try {
      read('operation', answers.generateAnswer, { data: { client: { client_secret: 'canary-4711' } } });
    } catch (error) {
      const { message, cause } = error as AppmaxFailure;
      expect(`${message} ${String(cause)}`).not.toContain('canary');
      expect(String(cause)).toContain('data.client.client_id');
    }
  });
});
