import { csvCell, csvLine } from './csv';

describe('A cell of a CSV', () => {
  it.each([
    ['=1+1', `"'=1+1"`],
    ['+55 11', `"'+55 11"`],
    ['-2', `"'-2"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    [' =1', `"' =1"`],
    ['\t=1', `"'\t=1"`],
    ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
  ])('the text %j is not a formula', (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  it.each([
    ['sale-1042', 'sale-1042'],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['a\nb', '"a\nb"'],
    [null, ''],
    [-5, '-5'],
  ])('the value %j is written as %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it('a line ends as RFC 4180 says', () => {
    expect(csvLine([1, null, 'x'])).toBe('1,,x\r\n');
  });
});
