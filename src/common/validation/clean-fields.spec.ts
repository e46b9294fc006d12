import { cleanFields, cleanText, isBlankObject } from './clean-fields';

describe('cleanText', () => {
  it.each([
    ['  a b\t', 'a b'],
    ['\u00a0\ufeffa\u200b', 'a'],
    ['\u202a529.982.247-25\u202c', '529.982.247-25'],
    ['ma\u00adri\u200bna', 'marina'],
    ['\u3164', ''],
    ['\u2800\u200d', ''],
    ['👩‍💻', '👩‍💻'],
    ['می‌خواهم', 'می‌خواهم'],
    ['São João ❤️', 'São João ❤️'],
    ['a\0', 'a\0'],
  ])('the text %j becomes %j', (text, expected) => {
    expect(cleanText(text)).toBe(expected);
  });
});

describe('cleanFields', () => {
  it('null and blank fields are removed at every level, and list entries stay', () => {
    const body = { a: ' x ', b: null, c: '', d: { e: '\u200b', f: 0, g: false }, h: ['', ' y ', { i: ' ' }] };
    expect(cleanFields(body)).toEqual({ a: 'x', d: { f: 0, g: false }, h: ['', 'y', {}] });
  });

  it('an object whose fields were all blank is known as one, but not an empty object', () => {
    const body = cleanFields({ a: { b: ' ' }, c: {}, d: { e: 1 } }) as Record<string, unknown>;
    expect([body['a'], body['c'], body['d'], 'x'].map(isBlankObject)).toEqual([true, false, false, false]);
  });
});
