import { randomBytes } from 'node:crypto';
import { isSealed, Sealer, SealError, UnknownKeyError } from './sealer';

const [oldest, older, present] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const PLACE = ['a', 'place'];

describe('Sealer', () => {
  const before = new Sealer({ current: older, previous: [] });
  const now = new Sealer({ current: present, previous: [older, oldest] });

  it('a sealer opens texts of all its keys, and seals by the current one', () => {
    const sealed = before.seal('a secret', PLACE);
    expect(now.open(sealed, PLACE)).toBe('a secret');
    expect([now.isCurrent(sealed), before.isCurrent(sealed)]).toEqual([false, true]);
    expect(now.isCurrent(now.seal('a secret', PLACE))).toBe(true);
    expect(now.keyId).not.toBe(before.keyId);
  });

  it('the error has the id of the missing key', () => {
    expect(() => before.open(now.seal('a secret', PLACE), PLACE)).toThrow(new UnknownKeyError(now.keyId));
  });

  it('a text that is not sealed is returned unchanged', () => {
    expect(now.open('a secret', PLACE)).toBe('a secret');
    expect([now.isCurrent('a secret'), isSealed('a secret')]).toEqual([false, false]);
  });

  it('a text that is not sealed can be refused', () => {
    const strict = new Sealer({ current: present, previous: [] }, { acceptsUnsealed: false });
    expect(() => strict.open('a secret', PLACE)).toThrow(
      new SealError('not sealed, and UNSEALED_CREDENTIALS=refuse'),
    );
    expect(strict.open(now.seal('a secret', PLACE), PLACE)).toBe('a secret');
  });

  it('a text that looks sealed is sealed like any other', () => {
    const lookalike = before.seal('a secret', PLACE);
    expect(now.open(now.seal(lookalike, PLACE), PLACE)).toBe(lookalike);
  });

  it('tryOpen returns nothing for a text that is not sealed or has another context', () => {
    const sealed = now.seal('a token', PLACE);
    expect(now.tryOpen(sealed, PLACE)).toBe('a token');
    expect(now.tryOpen(sealed, ['elsewhere'])).toBeUndefined();
    expect(before.tryOpen(sealed, PLACE)).toBeUndefined();
    expect(now.tryOpen('a token', PLACE)).toBeUndefined();
    expect(() => now.open(sealed, ['elsewhere'])).toThrow(SealError);
  });
});
