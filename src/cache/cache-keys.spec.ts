import { CACHE_PREFIX, cacheKeys } from './cache-keys';

describe('cacheKeys', () => {
  it('the cache keys and their prefix are those of the schema', () => {
    expect(CACHE_PREFIX).toBe('appmax_checkout_');
    expect(cacheKeys.installState('4f2a')).toEqual({ key: 'install:4f2a', seconds: 3600 });
    expect(cacheKeys.requestLimit('payment', 'abc')).toBe('limit:payment:abc');
    expect(cacheKeys.merchantToken(7)).toBe('merchant_token:7');
  });
});
