import { matchPath } from './paths';

describe('the router of the console', () => {
  it.each([
    ['/', '/', {}],
    ['/orders', '/orders', {}],
    ['/orders/:id', '/orders/12', { id: '12' }],
    ['/shops/:key', '/shops/a%20b', { key: 'a b' }],
    ['/shops/:key', '/shops/%', { key: '%' }],
    ['/orders/:id', '/orders', undefined],
    ['/orders/:id', '/orders/1/2', undefined],
    ['/orders', '/shops', undefined],
  ])('the pattern %s and the path %s give %j', (pattern, path, expected) => {
    expect(matchPath(pattern, path)).toEqual(expected);
  });
});
