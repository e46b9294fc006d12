import { getBoletoInfo, isValidBoleto } from '@brazilian-utils/brazilian-utils';
import fc from 'fast-check';
import { barcodeBars } from './barcode-bars';
import { barcode, digitableLine, dueDateFactor, modulo10, modulo11, readableLine } from './digitable-line';

const freeField = '0123456789012345678901234';

describe('check digits', () => {
  it('check digits equal those of a boleto that a bank issued', () => {
    const code = '10499898100000214032006561000100040099726390';
    expect(digitableLine(code)).toBe('10492006506100010004200997263900989810000021403');
    expect(modulo10('104920065')).toBe(0);
    expect(modulo10('6100010004')).toBe(2);
    expect(modulo11(code.slice(0, 4) + code.slice(5))).toBe(9);
  });

  it('a modulo 11 check digit is never 0', () => {
    expect(modulo11('0'.repeat(43))).toBe(1);
  });
});

describe('dueDateFactor', () => {
  it.each([
    ['2000-07-03', '1000'],
    ['2025-02-21', '9999'],
    ['2025-02-22', '1000'],
    ['2025-02-23', '1001'],
    ['2026-12-01', '1647'],
  ])('the due-date factor of %s is %s', (date, factor) => {
    expect(dueDateFactor(date)).toBe(factor);
  });
});

describe('digitableLine', () => {
  it.each(['2025-02-21', '2025-02-22', '2026-12-01'])(
    'a digitable line due on %s is accepted by a public validator',
    (dueDate) => {
      const line = digitableLine(barcode({ bank: '999', amountCents: 16_490, dueDate, freeField }));
      expect(line).toMatch(/^\d{47}$/);
      expect(isValidBoleto(line)).toBe(true);
      const info = getBoletoInfo(line);
      expect(info).toMatchObject({ amount: 16_490, bankCode: '999' });
      expect(info?.expirationDate?.toISOString().slice(0, 10)).toBe(dueDate);
    },
  );

  it('a digitable line is valid for any amount, bank field and date', () => {
    const digits = fc.stringMatching(/^\d{25}$/);
    const day = fc.integer({ min: 0, max: 8000 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999_999 }), digits, day, (amountCents, free, days) => {
        const dueDate = new Date(Date.UTC(2025, 1, 22 + days)).toISOString().slice(0, 10);
        const code = barcode({ bank: '999', amountCents, dueDate, freeField: free });
        expect(code).toHaveLength(44);
        expect(isValidBoleto(digitableLine(code))).toBe(true);
      }),
    );
  });

  it('a readable line groups the digits with dots and spaces', () => {
    const line = digitableLine(barcode({ bank: '999', amountCents: 100, dueDate: '2026-12-01', freeField }));
    expect(readableLine(line)).toMatch(/^\d{5}\.\d{5} \d{5}\.\d{6} \d{5}\.\d{6} \d \d{14}$/);
    expect(readableLine(line).replaceAll(/\D/g, '')).toBe(line);
  });
});

describe('barcodeBars', () => {
  it('a barcode has a start, five stripes for each digit, and an end', () => {
    expect(barcodeBars('0'.repeat(44))).toHaveLength(4 + 44 * 5 + 3);
  });

  it('a barcode interleaves two digits: the first in bars, the second in spaces', () => {
    const widths = barcodeBars('38')
      .map(({ wide }) => (wide ? 'W' : 'N'))
      .join('');
    // 3 is WWNNN, 8 is WNNWN.
    expect(widths).toBe('NNNN' + 'WWWNNNNWNN' + 'WNN');
  });
});
