import { redact } from './redact';

describe('redact', () => {
  it('redact hides card numbers, verification codes and secrets', () => {
    const body = {
      client_secret: 'top-secret',
      payment_data: { credit_card: { number: '4000 0000 0000 0010', cvv: '123', holder_name: 'Ana' } },
    };
    const shown = JSON.stringify(redact(body));
    for (const secret of ['top-secret', '4000 0000 0000 0010', '4000000000000010', '"123"']) {
      expect(shown).not.toContain(secret);
    }
    expect(shown).toContain('400000******0010');
    expect(shown).toContain('Ana');
  });

  it('redact keeps house numbers and all other fields', () => {
    const body = { address: { number: '12' }, products: [{ sku: 'a', quantity: 1 }], nothing: null };
    expect(redact(body)).toEqual(body);
  });
});
