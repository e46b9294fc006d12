import { maskMerchant } from './mask-merchant';

describe('The payload that operators see', () => {
  it('only the data of the merchant is masked', () => {
    const payload = {
      event: 'order_paid',
      data: { customer: { email: 'marina@example.com' } },
      partner_merchant: {
        merchant_email: 'loja@example.com',
        merchant_document_number: 12345678000199,
        merchant_phone: null,
      },
    };
    expect(maskMerchant(payload)).toEqual({
      ...payload,
      partner_merchant: {
        merchant_email: 'l…@example.com',
        merchant_document_number: '…99',
        merchant_phone: null,
      },
    });
  });

  it.each([[null], ['text'], [[1]], [{}], [{ partner_merchant: 'x' }], [{ partner_merchant: [] }]])(
    'the payload %j is not changed',
    (payload) => {
      expect(maskMerchant(payload)).toEqual(payload);
    },
  );
});
