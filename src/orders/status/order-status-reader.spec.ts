import fc from 'fast-check';
import { ApiError } from '../../common/errors/api-error';
import { parseOrderId } from './order-status-reader';

describe('parseOrderId', () => {
  it.each([
    ['1', 1],
    ['70012', 70_012],
    ['0070012', 70_012],
    ['2147483647', 2_147_483_647],
  ])('the order id %s is read', (text, expected) => {
    expect(parseOrderId(text)).toBe(expected);
  });

  it.each([
    '',
    '0',
    '000',
    '-1',
    '+1',
    '1.0',
    '1e3',
    '0x10',
    ' 1',
    '1\n',
    '1 2',
    'abc',
    'NaN',
    '2147483648',
    '9999999999',
    '12345678901',
    '99999999999999999999999999',
    '١٢',
  ])('the order id %j is answered 400', (text) => {
    expect(() => parseOrderId(text)).toThrow(new ApiError(400, 'invalid order_id'));
  });

  it('every id that Appmax can assign is read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_147_483_647 }), (orderId) => {
        expect(parseOrderId(String(orderId))).toBe(orderId);
      }),
    );
  });
});
