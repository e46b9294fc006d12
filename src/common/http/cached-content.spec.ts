import { randomBytes } from 'node:crypto';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { CachedContent, matches } from './cached-content';

describe('CachedContent', () => {
  it('equal bytes have equal ETags, other bytes have others', () => {
    const [one, same, other] = ['one', Buffer.from('one'), 'other'].map((text) => new CachedContent(text));
    expect(one?.etag).toMatch(/^"[\w-]{43}"$/);
    expect(same?.etag).toBe(one?.etag);
    expect(other?.etag).not.toBe(one?.etag);
  });

  it('it is compressed once for each encoding, with an ETag of its own', async () => {
    const content = new CachedContent('text '.repeat(1000));
    const [br, gzip] = await Promise.all([content.encodedAs('br'), content.encodedAs('gzip')]);
    expect([br.encoding, brotliDecompressSync(br.bytes)]).toEqual(['br', content.bytes]);
    expect([gzip.encoding, gunzipSync(gzip.bytes)]).toEqual(['gzip', content.bytes]);
    expect(new Set([content.etag, br.etag, gzip.etag]).size).toBe(3);
    expect((await content.encodedAs('br')).bytes).toBe(br.bytes);
  });

  it('what compression makes no smaller is sent as it is', async () => {
    for (const bytes of [Buffer.from('short'), randomBytes(4096)]) {
      const content = new CachedContent(bytes);
      expect(await content.encodedAs('br')).toBe(content);
    }
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
