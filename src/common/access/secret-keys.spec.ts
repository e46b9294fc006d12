import { bearerToken, KEY_SCOPES } from './key-holder';
import { SecretKeys } from './secret-keys';

const FIRST = 'first-key-of-the-shop';
const SECOND = 'second-key-of-the-shop';

describe('SecretKeys', () => {
  const accepts = (keys: SecretKeys, authorization: string | undefined): boolean => {
    const token = bearerToken(authorization);
    return token !== undefined && keys.holderOf(token) !== undefined;
  };
  const keys = new SecretKeys([FIRST, SECOND]);

  it('a root key has all scopes for all shops, and a name that does not reveal it', () => {
    const holder = keys.holderOf(FIRST);
    expect(holder).toEqual({
      id: undefined,
      name: expect.stringMatching(/^key [0-9a-f]{8}$/) as string,
      scopes: KEY_SCOPES,
      shop: undefined,
      expiresAt: undefined,
    });
    expect(keys.holderOf(SECOND)?.name).not.toBe(holder?.name);
  });

  it.each([`Bearer ${FIRST}`, `Bearer ${SECOND}`, `bearer ${FIRST}`, `BEARER   ${SECOND}`])(
    'the header "%s" is accepted',
    (authorization) => {
      expect(accepts(keys, authorization)).toBe(true);
    },
  );

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    FIRST,
    `Basic ${FIRST}`,
    `Bearer ${FIRST}x`,
    `Bearer ${FIRST.slice(0, -1)}`,
    `Bearer ${FIRST.toUpperCase()}`,
    `Bearer ${FIRST} ${SECOND}`,
    `Bearer ${FIRST},${SECOND}`,
    `Bearer${FIRST}`,
    ` Bearer ${FIRST}`,
    'Bearer undefined',
  ])('the header %j is not accepted', (authorization) => {
    expect(accepts(keys, authorization)).toBe(false);
  });

  it.each([undefined, '', 'Bearer ', 'Bearer undefined', `Bearer ${FIRST}`])(
    'without a configured key, the header %j is not accepted',
    (authorization) => {
      expect(accepts(new SecretKeys([]), authorization)).toBe(false);
    },
  );
});
