import { duration, money } from './format';
import { chooseLanguage } from './language';
import { textsOf } from './texts';

describe('texts', () => {
  it('a text has its values in both languages', () => {
    expect(textsOf('pt-BR')('payTotal', { total: 'R$ 1' })).toBe('Pagar R$ 1');
    expect(textsOf('en')('payTotal', { total: 'R$ 1' })).toBe('Pay R$ 1');
  });

  it.each([
    ['?lang=en', 'pt-BR', 'pt-BR', 'en'],
    ['?lang=pt', undefined, 'en', 'pt-BR'],
    ['', 'en', 'pt-BR', 'en'],
    ['?lang=fr', undefined, 'en', 'en'],
    ['', undefined, '', 'pt-BR'],
  ])(
    'with %s, the shop in %s and the document in %s the language is %s',
    (query, shop, document, expected) => {
      expect(chooseLanguage(query, shop, document)).toBe(expected);
    },
  );

  it('amounts and durations are written for readers', () => {
    expect(money(123_456, 'pt-BR').replaceAll(/\s/g, ' ')).toBe('R$ 1.234,56');
    expect(money(123_456, 'en').replaceAll(/\s/g, ' ')).toBe('R$1,234.56');
    expect([duration(0), duration(65_000), duration(3_723_000), duration(-5)]).toEqual([
      '0:00',
      '1:05',
      '1:02:03',
      '0:00',
    ]);
  });
});
