import { merchantKeyOf, mintCredentials } from './merchant-credentials';
import { MerchantStore } from './merchant-store';

describe('merchant credentials', () => {
  it('credentials identify their merchant only with the same app secret', () => {
    const credentials = mintCredentials('app-secret', 'loja é minha');
    expect(merchantKeyOf('app-secret', credentials)).toBe('loja é minha');
    expect(merchantKeyOf('other', credentials)).toBeNull();
    expect(merchantKeyOf('app-secret', { ...credentials, clientSecret: 'wrong' })).toBeNull();
  });

  it('credentials do not contain an external key that would make them too long', () => {
    const credentials = mintCredentials('app-secret', 'x'.repeat(255));
    expect(credentials.clientId.length).toBeLessThan(200);
    expect(merchantKeyOf('app-secret', credentials)).toBeNull();
  });
});

describe('MerchantStore', () => {
  const store = (): MerchantStore => new MerchantStore('app-secret', () => 0);

  it('a store recognizes the merchants of an earlier run by their credentials', () => {
    const credentials = store().install(store().obtain({ externalKey: 'loja' }));
    const later = store();
    expect(later.identify(credentials)?.externalKey).toBe('loja');
    expect(later.find('loja')?.installedAt).toBe(0);
  });

  it('a store refuses wrong, unknown and uninstalled credentials', () => {
    const merchants = store();
    const merchant = merchants.obtain({ externalKey: 'loja' });
    const first = merchants.install(merchant);
    const second = merchants.install(merchant);
    expect(merchants.identify({ ...first, clientSecret: second.clientSecret })).toBeNull();
    expect(merchants.identify({ clientId: 'nobody', clientSecret: 'x' })).toBeNull();
    expect(merchants.identify(first)).toBe(merchant);
    expect(merchants.identify(second)).toBe(merchant);
    merchants.uninstall(merchant);
    expect(merchants.identify(first)).toBeNull();
    expect(merchants.identify(second)).toBeNull();
  });

  it('a reinstallation keeps the merchant and updates the details of the store', () => {
    const merchants = store();
    const merchant = merchants.obtain({ externalKey: 'loja', storeName: 'Um', api: 'g1' });
    expect(merchants.obtain({ externalKey: 'loja', storeName: 'Dois' })).toBe(merchant);
    expect(merchant).toMatchObject({ storeName: 'Dois', api: 'g1' });
  });
});
