import { SecretKeys } from './secret-keys';

const FIRST = 'first-key-of-the-shop';
const SECOND = 'second-key-of-the-shop';

describe('SecretKeys', () => {
  const keys = new SecretKeys([FIRST, SECOND]);

  it.each([`Bearer ${FIRST}`, `Bearer ${SECOND}`, `bearer ${FIRST}`, `BEARER   ${SECOND}`])(
    'the header "%s" is accepted',
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
  ])('the header %j is not accepted', (authorization) => {
    expect(keys.accepts(authorization)).toBe(false);
  });

  it.each([undefined, '', 'Bearer ', 'Bearer undefined', `Bearer ${FIRST}`])(
    'without a configured key, the header %j is not accepted',
    (authorization) => {
      expect(new SecretKeys([]).accepts(authorization)).toBe(false);
    },
  );
});
