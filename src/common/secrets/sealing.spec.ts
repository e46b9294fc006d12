import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { keyIdOf, longestSealable, open, seal, SealError, sealingKey, UnknownKeyError } from './sealing';

const key = sealingKey(randomBytes(32));
const other = sealingKey(randomBytes(32));
const keys = new Map([[key.id, key]]);
const PLACE = ['installations', 'merchant_client_secret', 'shop-42'];

describe('Sealing', () => {
  it('any text can be opened with its own context', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.string()), (text, place) => {
        expect(open(keys, seal(key, text, place), place)).toBe(text);
      }),
    );
  });

  it('a sealed text reveals nothing of the text, and differs each time', () => {
    const [first, second] = [seal(key, 'a secret', PLACE), seal(key, 'a secret', PLACE)];
    expect(first).not.toBe(second);
    expect(Buffer.from(first.split('.')[2]!, 'base64url').toString('latin1')).not.toContain('secret');
  });

  it.each([
    ['another row', ['installations', 'merchant_client_secret', 'shop-43']],
    ['another column', ['installations', 'merchant_client_id', 'shop-42']],
    ['no place', []],
    ['names that are joined otherwise', ['installations', 'merchant_client_secret shop-42']],
  ])('a sealed text cannot be opened in %s', (_, place) => {
    expect(() => open(keys, seal(key, 'a secret', PLACE), place)).toThrow(SealError);
  });

  it('any change of a sealed text is detected', () => {
    const sealed = seal(key, 'a secret', PLACE);
    const bytes = Buffer.from(sealed.slice(12), 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index]! ^= 1;
      const text = sealed.slice(0, 12) + changed.toString('base64url');
      expect(() => open(keys, text, PLACE)).toThrow('sealed for another place, or damaged');
    }
    expect(() => open(keys, sealed.slice(0, -4), PLACE)).toThrow(SealError);
  });

  it('the error has the id of the missing key', () => {
    const sealed = seal(other, 'a secret', PLACE);
    expect(() => open(keys, sealed, PLACE)).toThrow(UnknownKeyError);
    expect(() => open(keys, sealed, PLACE)).toThrow(other.id);
  });

  it('the id of a key is constant and not a part of the key', () => {
    const appKey = randomBytes(32);
    expect(sealingKey(appKey)).toEqual(sealingKey(Buffer.from(appKey)));
    expect(sealingKey(appKey).bytes.equals(appKey)).toBe(false);
    expect(keyIdOf(seal(sealingKey(appKey), '', []))).toBe(sealingKey(appKey).id);
  });

  it.each(['', 'a-secret', 's1.', 's1.abcdefgh.', 's1.abcdefgh.short', `s2.${'x'.repeat(100)}`])(
    'the text %j is not a sealed text',
    (text) => {
      expect(keyIdOf(text)).toBeUndefined();
    },
  );

  it('the longest text for a column is exact to the byte', () => {
    for (const characters of [100, 255, 512, 513, 514, 515]) {
      const longest = longestSealable(characters);
      expect(seal(key, 'x'.repeat(longest), PLACE).length).toBeLessThanOrEqual(characters);
      expect(seal(key, 'x'.repeat(longest + 1), PLACE).length).toBeGreaterThan(characters);
    }
    expect(longestSealable(512)).toBe(347);
  });
});
