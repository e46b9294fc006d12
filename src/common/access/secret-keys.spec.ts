import { SecretKeys } from './secret-keys';

const FIRST = 'first-key-of-the-shop';
const SECOND = 'second-key-of-the-shop';

describe('SecretKeys', () => {
  const keys = new SecretKeys([FIRST, SECOND]);

  it.each([`Bearer ${FIRST}`, `Bearer ${SECOND}`, `bearer ${FIRST}`, `BEARER   ${SECOND}`])(
    'accepts "%s"',
    (authorization) => {
      expect(keys.accepts(authorization)).toBe(true);
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
  ])('does not accept %j', (authorization) => {
    expect(keys.accepts(authorization)).toBe(false);
  });

  it.each([undefined, '', 'Bearer ', 'Bearer undefined', `Bearer ${FIRST}`])(
    'accepts nothing, not even %j, while no key is configured',
    (authorization) => {
      expect(new SecretKeys([]).accepts(authorization)).toBe(false);
    },
  );
});
