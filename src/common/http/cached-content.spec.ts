import { CachedContent, matches } from './cached-content';

describe('CachedContent', () => {
  it('equal bytes have equal ETags, other bytes have others', () => {
    const [one, same, other] = ['one', Buffer.from('one'), 'other'].map((text) => new CachedContent(text));
    expect(one?.etag).toMatch(/^"[\w-]{43}"$/);
    expect(same?.etag).toBe(one?.etag);
    expect(other?.etag).not.toBe(one?.etag);
  });

  it.each([
    [undefined, false],
    ['', false],
    ['"b"', false],
    ['a', false],
    ['"a"', true],
    ['W/"a"', true],
    ['*', true],
    ['"b" , W/"a"', true],
  ])('the header %j matches the ETag "a": %s', (header, expected) => {
    expect(matches(header, '"a"')).toBe(expected);
  });
});
