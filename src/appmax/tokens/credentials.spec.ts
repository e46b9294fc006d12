import fc from 'fast-check';
import { fingerprint } from './credentials';

describe('fingerprint', () => {
  const credentials = fc.record({ clientId: fc.string(), clientSecret: fc.string() });

  it('the fingerprint is equal for the same credentials, and different for any others', () => {
    fc.assert(
      fc.property(credentials, credentials, (one, other) => {
        const same = one.clientId === other.clientId && one.clientSecret === other.clientSecret;
        expect(fingerprint(one) === fingerprint(other)).toBe(same);
        expect(fingerprint({ ...one })).toBe(fingerprint(one));
      }),
    );
  });

  it('the fingerprint depends on where the id ends and the secret begins', () => {
    expect(fingerprint({ clientId: 'ab', clientSecret: 'c' })).not.toBe(
      fingerprint({ clientId: 'a', clientSecret: 'bc' }),
    );
    expect(fingerprint({ clientId: 'a","b', clientSecret: '' })).not.toBe(
      fingerprint({ clientId: 'a', clientSecret: 'b","' }),
    );
  });

  it('the fingerprint contains neither the id nor the secret', () => {
    const made = fingerprint({ clientId: 'shop-client', clientSecret: 'shop-secret' });
    expect(made).toMatch(/^[\w-]{43}$/);
    expect(made).toBe(
      fingerprint({ clientId: 'shop-client', clientSecret: 'shop-secret', installationId: 7 } as never),
    );
  });
});
