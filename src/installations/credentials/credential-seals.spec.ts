import { randomBytes } from 'node:crypto';
import { Sealer, SealError } from '../../common/secrets/sealer';
import {
  areSealed,
  fitsColumns,
  LONGEST_CREDENTIAL,
  openCredentials,
  sealCredentials,
} from './credential-seals';

const sealer = new Sealer({ current: randomBytes(32), previous: [] });
const CREDENTIALS = { clientId: 'a-client', clientSecret: 'a-secret' };

describe('The seals of credentials', () => {
  it('sealed credentials can be opened in their own row', () => {
    const stored = sealCredentials(sealer, 'shop', CREDENTIALS);
    expect(openCredentials(sealer, 'shop', stored)).toEqual(CREDENTIALS);
    expect(areSealed(stored)).toBe(true);
    expect(JSON.stringify(stored)).not.toMatch(/a-client|a-secret/);
  });

  it('sealed credentials cannot be opened in another row, nor with id and secret swapped', () => {
    const stored = sealCredentials(sealer, 'shop', CREDENTIALS);
    const { merchantClientId: id, merchantClientSecret: secret } = stored;
    expect(() => openCredentials(sealer, 'other', stored)).toThrow(SealError);
    expect(() =>
      openCredentials(sealer, 'shop', { merchantClientId: secret, merchantClientSecret: id }),
    ).toThrow(SealError);
  });

  it('the credentials of old rows are not sealed', () => {
    const stored = { merchantClientId: 'a-client', merchantClientSecret: 'a-secret' };
    expect(openCredentials(sealer, 'shop', stored)).toEqual(CREDENTIALS);
    const half = { ...sealCredentials(sealer, 'shop', CREDENTIALS), merchantClientId: 'a-client' };
    expect([areSealed(stored), areSealed(half)]).toEqual([false, false]);
  });

  it.each([
    ['one byte a character', 'x'],
    ['two bytes a character', 'ã'],
  ])('the longest sealed credential fits its column exactly, with %s', (_, character) => {
    const longest = character.repeat(Math.floor(LONGEST_CREDENTIAL / Buffer.byteLength(character)));
    const stored = sealCredentials(sealer, 'shop', { clientId: longest, clientSecret: longest });
    expect(stored.merchantClientId.length).toBeLessThanOrEqual(512);
    expect(stored.merchantClientSecret.length).toBeLessThanOrEqual(512);
    expect(fitsColumns({ clientId: longest, clientSecret: longest })).toBe(true);
    expect(fitsColumns({ clientId: longest + character, clientSecret: 'x' })).toBe(false);
    expect(fitsColumns({ clientId: 'x', clientSecret: longest + character })).toBe(false);
  });
});
