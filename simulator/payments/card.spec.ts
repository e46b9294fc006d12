import { cardOutcome, cardPaymentSchema, readCard } from './card';
import { installmentPlans, installmentTotal } from './installments';

describe('cardOutcome', () => {
  it.each([
    ['4000000000000010', 'approved', 'approved'],
    ['4000000000000028', 'declined', 'authorized'],
    ['4000000000000002', 'declined', 'declined'],
    ['4000000000000036', 'transaction_error', 'transaction_error'],
    ['4000000000000044', 'order_failed', 'order_failed'],
    ['4000000000009999', 'gateway_unavailable', 'gateway_unavailable'],
    ['5555555555554444', 'declined', 'declined'],
  ])('card %s has the outcome %s in G1 and %s in G2', (number, g1, g2) => {
    expect(cardOutcome(number, 'g1')).toBe(g1);
    expect(cardOutcome(number, 'g2')).toBe(g2);
  });
});

describe('readCard', () => {
  it('readCard keeps only the first six and last four digits of the number', () => {
    expect(readCard('4000000000000010', 'g2')).toEqual({
      outcome: 'approved',
      brand: 'visa',
      maskedNumber: '400000******0010',
    });
    expect(readCard('378282246310005', 'g2')).toMatchObject({
      brand: 'amex',
      maskedNumber: '378282*****0005',
    });
  });
});

describe('cardPaymentSchema', () => {
  const holder = { holder_name: 'Ana', holder_document_number: '52998224725', installments: 1 };
  const payment = (credit_card: object): unknown => ({
    order_id: 1,
    customer_id: 2,
    payment_data: { credit_card },
  });

  it.each([
    [{ ...holder, token: 'abc' }, true],
    [
      { ...holder, number: '4000 0000 0000 0010', cvv: '123', expiration_month: '1', expiration_year: '30' },
      true,
    ],
    [
      { ...holder, number: '4000000000000010', cvv: '123', expiration_month: '13', expiration_year: '30' },
      false,
    ],
    [
      { ...holder, number: '4000000000000010', cvv: '12', expiration_month: '12', expiration_year: '2030' },
      false,
    ],
    [{ ...holder }, false],
    [{ ...holder, token: 'abc', holder_document_number: '12345678900' }, false],
    [{ ...holder, token: 'abc', installments: 0 }, false],
  ])('a card payment with %j is valid: %s', (creditCard, valid) => {
    expect(cardPaymentSchema.safeParse(payment(creditCard)).success).toBe(valid);
  });
});

describe('installments', () => {
  it('each further installment raises the total, in whole cents', () => {
    expect(installmentTotal(10_000, 1, 2)).toBe(10_000);
    expect(installmentTotal(10_000, 2, 2)).toBe(10_200);
    expect(installmentTotal(3333, 3, 1.99)).toBe(3466);
    expect(installmentPlans(10_000, 3, 2)).toEqual([
      { installments: 1, total: 10_000 },
      { installments: 2, total: 10_200 },
      { installments: 3, total: 10_400 },
    ]);
  });
});
