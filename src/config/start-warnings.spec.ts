import { startWarnings } from './start-warnings';

const SAFE = {
  environment: 'production',
  publicUrl: 'https://checkout.example.com',
  trustProxy: 1,
  rateLimit: true,
  storefrontOrders: 'tokens',
  webhookToken: 'a-token-of-the-tests',
} as const;

describe('The warnings at start', () => {
  it.each(['tokens', 'sessions'] as const)('a configuration with STOREFRONT_ORDERS=%s has none', (mode) => {
    expect(startWarnings({ ...SAFE, storefrontOrders: mode })).toEqual([]);
  });

  it('production with STOREFRONT_ORDERS=ids has a warning that names tokens and sessions', () => {
    expect(startWarnings({ ...SAFE, storefrontOrders: 'ids' })).toEqual([
      expect.stringMatching(/^STOREFRONT_ORDERS=ids: .*tokens.*sessions/),
    ]);
    expect(startWarnings({ ...SAFE, environment: 'local', storefrontOrders: 'ids' })).toEqual([]);
  });

  it('an https address without TRUST_PROXY has a warning', () => {
    expect(startWarnings({ ...SAFE, trustProxy: false })).toEqual([expect.stringContaining('TRUST_PROXY')]);
  });

  it('production without WEBHOOK_TOKEN has a warning', () => {
    expect(startWarnings({ ...SAFE, webhookToken: undefined })).toEqual([
      expect.stringContaining('WEBHOOK_TOKEN'),
    ]);
  });
});
