import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppmaxFailure } from '../failures/appmax-failure';
import { isDecline } from '../failures/declines';
import { errorText, retryAfterOfBody } from '../http/errors/error-text';
import { read } from './answer';
import { installmentsAnswer, MAXIMUM_INSTALLMENTS } from './installments';
import * as answers from './schemas';

const FOLDER = join(__dirname, '..', '..', '..', 'test', 'fixtures', 'samples');

function sample(name: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
}

/** Returns the kind of failure that an answer is read as; `no code` for a Pix or boleto without one; else `read`. */
function outcomeOf(schema: Parameters<typeof read>[1], answer: unknown): string {
  try {
    const result = read('operation', schema, answer);
    const { recognised, ...rest } = result as Record<string, unknown>;
    if (recognised === false) return 'not recognised';
    const isCode = 'emv' in rest || 'pdfUrl' in rest;
    return isCode && Object.values(rest).every((value) => value === undefined) ? 'no code' : 'read';
  } catch (error) {
    return (error as AppmaxFailure).kind;
  }
}

/** Asserts that the answer of a call that this service does not make is never taken for a payment or an order. */
function isNoPayment(answer: unknown): void {
  const { cardAnswer, pixAnswer, boletoAnswer, getOrderAnswer, orderAnswer, tokenizeAnswer } = answers;
  for (const schema of [cardAnswer, pixAnswer, boletoAnswer])
    expect(['not recognised', 'no code', 'unknown']).toContain(outcomeOf(schema, answer));
  for (const schema of [getOrderAnswer, orderAnswer, tokenizeAnswer])
    expect(outcomeOf(schema, answer)).toBe('unknown');
}

/** Asserts that a wallet's request keeps to the limits that cards have here. */
function isWithinLimits(
  request: { payment_data: Record<string, { installments: unknown; soft_descriptor: string }> },
  wallet: string,
): void {
  const { installments, soft_descriptor: descriptor } = request.payment_data[wallet]!;
  expect(Number(installments)).toBeLessThanOrEqual(MAXIMUM_INSTALLMENTS);
  expect(descriptor.length).toBeLessThanOrEqual(13);
}

const CASES: Readonly<Record<string, (answer: unknown) => void>> = {
  'api-apple-pay-request.json': (request) => {
    isWithinLimits(request as never, 'apple_pay');
  },
  'api-google-pay-request.json': (request) => {
    isWithinLimits(request as never, 'google_pay');
  },
  'api-boleto-201-new.json': (answer) => {
    expect(read('boleto', answers.boletoAnswer, answer)).toMatchObject({
      recognised: true,
      pdfUrl: 'https://boleto.sandboxappmax.com.br/pdf/abc123',
      digitableLine: '23793.38128 60000.000003 00000.000400 1 84340000012300',
      dueAt: new Date('2025-03-23T02:59:59Z'),
    });
  },
  'api-card-201-new.json': (answer) => {
    expect(read('card', answers.cardAnswer, answer)).toEqual({
      declined: false,
      recognised: true,
      status: 'autorizado',
      upsellHash: '4000114202503117156088040208561001715608804',
    });
  },
  'api-card-201-postman.json': (answer) => {
    expect(read('card', answers.cardAnswer, answer)).toMatchObject({
      declined: false,
      recognised: true,
      upsellHash: '4000114202503117156088040208561001715608804',
    });
  },
  'api-error-rate-limit-429.json': (body) => {
    expect([errorText(body), retryAfterOfBody(body)]).toEqual(['Too many requests', 45]);
  },
  'api-error-recipient-422.json': (body) => {
    expect(errorText(body)).toMatch(/^account\.name: O campo account\.name é obrigatório\.; company\./);
  },
  'api-error-validation-generic-top.json': (body) => {
    expect(errorText(body)).toBe('phone: The phone field must have a maximum of 11 characters.');
  },
  'api-error-wallet-403-old-envelope.json': (body) => {
    const text = errorText(body);
    expect(text).toBe('Documento em lista restritiva');
    expect(isDecline({ status: 403, text })).toBe(false);
  },
  'api-installments-docs.json': (answer) => {
    const plans = read('plans', installmentsAnswer({ totalCents: 10_000, installments: 12 }), answer);
    expect(plans.map(({ total }) => total)).toEqual([10_000, 10_200, 10_404, 11_600]);
  },
  'api-installments-sandbox-observed.json': (answer) => {
    const plans = read('plans', installmentsAnswer({ totalCents: 20_000, installments: 12 }), answer);
    expect([plans[0]?.total, plans[1]?.total, plans[11]?.total]).toEqual([20_000, 20_796, 24_776]);
  },
  'api-order-get-with-interest-200.json': (answer) => {
    expect(read('order', answers.getOrderAnswer, answer)).toMatchObject({
      id: 4001,
      status: 'aprovado',
      totalCents: 20_812,
      totalPaidCents: 20_812,
      method: 'credit_card',
      customerId: undefined,
      paidAt: undefined,
    });
  },
  'api-payment-link-orders-200.json': isNoPayment,
  'api-pix-200-live.json': (answer) => {
    expect(read('pix', answers.pixAnswer, answer)).toMatchObject({
      recognised: true,
      qrCode: 'iVBORw0KGgoAAAANS',
      emv: '00020126580014br.gov.bcb.pix0136a1b2c3d4',
      expiresAt: undefined,
    });
  },
  'api-pix-200-new.json': (answer) => {
    expect(read('pix', answers.pixAnswer, answer)).toMatchObject({
      recognised: true,
      qrCode: 'data:image/png;base64,iVBORw0KGgoAAAANS',
      expiresAt: new Date('2025-03-15T18:30:00Z'),
    });
  },
  'api-recipient-201.json': isNoPayment,
  'api-split-order-201.json': isNoPayment,
  'api-subscription-create-201.json': isNoPayment,
  'api-subscription-get-200.json': isNoPayment,
  'api-subscription-list-200.json': isNoPayment,
  'api-unified-order-201-boleto.json': (answer) => {
    expect(read('boleto', answers.boletoAnswer, answer)).toMatchObject({
      recognised: true,
      pdfUrl: 'https://api.example.com/boleto/tran_jkl345mno678.pdf',
      digitableLine: '23793.38128 60000.000003 00000.000400 1 92570000010000',
      dueAt: new Date('2026-06-28T02:59:59Z'),
    });
  },
  'api-v3-error-data-number.json': (body) => {
    expect(errorText(body)).toBe('Failed to get order: 999');
  },
  'api-v3-pix-success-string.json': (answer) => {
    // The code is directly in `data`, which no form of the v1 API has: the outcome stays open.
    expect(outcomeOf(answers.pixAnswer, answer)).toBe('not recognised');
  },
};

describe("samples of Appmax's answers", () => {
  it('every sample has a test', () => {
    const names = readdirSync(FOLDER).filter((name) => name.startsWith('api-'));
    expect(Object.keys(CASES).sort()).toEqual(names.sort());
  });

  it.each(Object.entries(CASES))('%s is read as it is meant', (name, check) => {
    expect.hasAssertions();
    check(sample(name));
  });
});
