import { canonicalUrl, fitsIntoPath } from './path-key';

describe('fitsIntoPath', () => {
  it.each(['shop-1', 'a/b', '...', '.a', '%2e', 'loja açaí', '?', 'x'.repeat(255), '店'.repeat(113)])(
    'the key %j can be part of a path',
    (key) => {
      expect(fitsIntoPath(key)).toBe(true);
    },
  );

  it.each(['', '.', '..', '\ud800', '店'.repeat(114), '😀'.repeat(127)])(
    'the key %j can not be part of a path',
    (key) => {
      expect(fitsIntoPath(key)).toBe(false);
    },
  );
});

describe('canonicalUrl', () => {
  it.each([
    ['/checkout/shop/order', '/checkout/shop/order'],
    ['/checkout/shop/order/', '/checkout/shop/order'],
    ['//checkout///shop/order//', '/checkout/shop/order'],
    ['/checkout/a%2F%2Fb/order', '/checkout/a%2F%2Fb/order'],
    ['/status/?a=//b/', '/status?a=//b/'],
    ['/', '/'],
    ['//', '/'],
  ])('%s is the URL %s', (url, expected) => {
    expect(canonicalUrl(url)).toBe(expected);
  });
});
