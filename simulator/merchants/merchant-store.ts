import { randomUUID } from 'node:crypto';
import { BoundedMap } from '../common/bounded-map';
import { type Merchant, type MerchantDetails } from './merchant';
import { type MerchantCredentials, merchantKeyOf, mintCredentials, sameSecret } from './merchant-credentials';

const KEPT_MERCHANTS = 10_000;
const KEPT_CREDENTIALS = 50_000;
const KEPT_EXTERNAL_IDS = 50_000;

interface Credential {
  readonly secret: string;
  readonly merchant: Merchant;
  /** False once the merchant has uninstalled the app. */
  valid: boolean;
}

/** The merchants by external key, and their credentials. */
export class MerchantStore {
  private readonly merchants = new BoundedMap<string, Merchant>(KEPT_MERCHANTS);
  private readonly credentials = new BoundedMap<string, Credential>(KEPT_CREDENTIALS);
  /** The external ids of all installations so far: one that comes again is discarded. */
  private readonly externalIds = new BoundedMap<string, true>(KEPT_EXTERNAL_IDS);

  /**
   * @param appSecret signs the credentials of merchants
   * @param now the simulated time in milliseconds
   */
  constructor(
    private readonly appSecret: string,
    private readonly now: () => number,
  ) {}

  find(externalKey: string): Merchant | undefined {
    return this.merchants.get(externalKey);
  }

  /** Returns the merchant with this id in browser calls; undefined also for an id that it had in an earlier installation. */
  ofExternalId(externalId: string): Merchant | undefined {
    for (const merchant of this.merchants.values()) if (merchant.externalId === externalId) return merchant;
    return undefined;
  }

  /** All merchants, newest first. */
  all(): Merchant[] {
    return [...this.merchants.values()].reverse();
  }

  /** Returns the merchant with this key and creates it if it is new. Given details replace older ones. */
  obtain(details: MerchantDetails): Merchant {
    const merchant = this.merchants.get(details.externalKey) ?? this.create(details.externalKey);
    merchant.storeName = details.storeName ?? merchant.storeName;
    merchant.email = details.email ?? merchant.email;
    if (details.api !== undefined) merchant.api = details.api;
    return merchant;
  }

  /**
   * Installs the app for a merchant. Credentials of earlier installations stay valid until the merchant uninstalls.
   * @param chosen credentials to use instead of new ones
   * @returns the credentials of this installation
   */
  install(merchant: Merchant, chosen?: MerchantCredentials): MerchantCredentials {
    const credentials = chosen ?? mintCredentials(this.appSecret, merchant.externalKey);
    this.credentials.set(credentials.clientId, { secret: credentials.clientSecret, merchant, valid: true });
    merchant.clientIds.add(credentials.clientId);
    merchant.installedAt = this.now();
    return credentials;
  }

  /**
   * Saves the id by which a merchant's browser calls are known: the external_id of the health check, or the client_id of
   * the installation if that external_id was used before.
   */
  nameForBrowser(merchant: Merchant, externalId: string, { clientId }: MerchantCredentials): void {
    const isKnown = this.externalIds.get(externalId) === true;
    this.externalIds.set(externalId, true);
    merchant.externalId = isKnown ? clientId : externalId;
  }

  /** Revokes all credentials of a merchant. */
  uninstall(merchant: Merchant): void {
    for (const clientId of merchant.clientIds) {
      const credential = this.credentials.get(clientId);
      if (credential !== undefined) credential.valid = false;
    }
    merchant.clientIds.clear();
    merchant.installedAt = null;
  }

  /**
   * Returns the merchant of these credentials, or null if they are wrong or no longer valid. Credentials from an
   * earlier run of the simulator are recognized by their signature; their merchant is then installed again.
   */
  identify(given: MerchantCredentials): Merchant | null {
    const known = this.credentials.get(given.clientId);
    if (known !== undefined)
      return known.valid && sameSecret(known.secret, given.clientSecret) ? known.merchant : null;
    const externalKey = merchantKeyOf(this.appSecret, given);
    if (externalKey === null) return null;
    const merchant = this.obtain({ externalKey });
    this.install(merchant, given);
    return merchant;
  }

  clear(): void {
    this.merchants.clear();
    this.credentials.clear();
    this.externalIds.clear();
  }

  private create(externalKey: string): Merchant {
    const merchant: Merchant = {
      externalKey,
      siteId: randomUUID(),
      pixKey: randomUUID(),
      storeName: `Loja ${externalKey}`.slice(0, 60),
      email: 'loja@example.com',
      documentNumber: '11222333000181',
      phone: '11999990000',
      api: null,
      externalId: null,
      webhookUrl: null,
      contentModel: null,
      appStoreEnvelope: null,
      createdAt: this.now(),
      installedAt: null,
      domainNames: [],
      clientIds: new Set(),
    };
    this.merchants.set(externalKey, merchant);
    return merchant;
  }
}
