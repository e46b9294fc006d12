import { maskDigits, maskEmail } from './masking';

describe('Masking', () => {
  it.each([
    ['loja@example.com', 'l…@example.com'],
    ['a@b@example.com', 'a…@example.com'],
    ['@example.com', '…om'],
    ['nobody', '…dy'],
  ])('leaves of the address %s no more than %s', (email, masked) => {
    expect(maskEmail(email)).toBe(masked);
  });

  it.each([
    ['12345678000199', '…99'],
    ['1234', '…'],
    ['', '…'],
  ])('leaves of the number %j no more than %s', (text, masked) => {
    expect(maskDigits(text)).toBe(masked);
  });
});
