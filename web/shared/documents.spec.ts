import { groupedDocument, groupedPhone, isDocument } from './documents';

describe('documents', () => {
  it.each([
    ['529.982.247-25', true],
    ['52998224725', true],
    ['52998224726', false],
    ['11111111111', false],
    ['11.222.333/0001-81', true],
    ['11222333000182', false],
    ['', false],
  ])('%s is a CPF or CNPJ: %s', (text, expected) => {
    expect(isDocument(text)).toBe(expected);
  });

  it.each([
    ['529', '529'],
    ['5299', '529.9'],
    ['52998224725', '529.982.247-25'],
    ['112223330001', '11.222.333/0001'],
    ['11222333000181', '11.222.333/0001-81'],
  ])('the document %s is written as %s', (typed, expected) => {
    expect(groupedDocument(typed)).toBe(expected);
  });

  it.each([
    ['11', '11'],
    ['1198888', '(11) 9888-8'],
    ['11988887777', '(11) 98888-7777'],
    ['1133334444', '(11) 3333-4444'],
    ['+55 (11) 98888-7777', '(11) 98888-7777'],
  ])('the phone %s is written as %s', (typed, expected) => {
    expect(groupedPhone(typed)).toBe(expected);
  });
});
