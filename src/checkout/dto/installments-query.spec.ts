import { ApiError } from '../../common/errors/api-error';
import { readInstallmentsQuery } from './installments-query';

describe('readInstallmentsQuery', () => {
  it.each([
    [undefined, 12],
    ['', 12],
    ['0', 12],
    ['-3', 12],
    ['1.5', 12],
    ['twelve', 12],
    ['1', 1],
    ['6', 6],
    ['12', 12],
    ['13', 12],
    ['21', 12],
    ['999999999999999', 12],
  ])('the number of installments %j is read as %d', (installments, expected) => {
    expect(readInstallmentsQuery({ totalValue: '10000', installments })).toEqual({
      totalCents: 10_000,
      installments: expected,
    });
  });

  it.each([
    ['1', 1],
    ['2147483647', 2_147_483_647],
  ])('the total %s is read', (totalValue, expected) => {
    expect(readInstallmentsQuery({ totalValue, installments: '2' }).totalCents).toBe(expected);
  });

  it.each(['149.90', '149,90', '1.499,00', ',5'])(
    'the total %s is refused by a message that says cents',
    (totalValue) => {
      const read = (): unknown => readInstallmentsQuery({ totalValue, installments: undefined });
      expect(read).toThrow(
        expect.objectContaining({
          response: {
            message: 'total_value is required',
            code: 'total_value_is_required',
            errors: [{ field: 'total_value', message: expect.stringContaining('cents') as string }],
          },
        }) as Error,
      );
    },
  );

  it.each([undefined, '', '0', '-1', '10.5', 'abc', '1e3', ' 5', '2147483648', '9'.repeat(30)])(
    'the total %j is answered 400',
    (totalValue) => {
      expect(() => readInstallmentsQuery({ totalValue, installments: '2' })).toThrow(
        new ApiError(400, 'total_value is required'),
      );
    },
  );
});
