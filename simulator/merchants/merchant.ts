import { type ContentModel, type Generation } from '../settings/settings';

/** A store that has installed or is installing the app. */
export interface Merchant {
  /** Identifies the merchant. It is chosen by the caller that starts the installation. */
  readonly externalKey: string;
  readonly siteId: string;
  /** The random Pix key that its Pix are paid to. */
  readonly pixKey: string;
  storeName: string;
  email: string;
  documentNumber: string;
  phone: string;
  /** The API generation for this merchant; null: as in the settings. */
  api: Generation | null;
  /** The id of the merchant in browser calls: the UUID of the first health check, later the client id. */
  externalId: string | null;
  /** The URL for this merchant's webhooks; null: as in the settings. */
  webhookUrl: string | null;
  contentModel: ContentModel | null;
  /** True if this merchant's webhooks have the App Store's fields; null: as in the settings. */
  appStoreEnvelope: boolean | null;
  readonly createdAt: number;
  /** The time at which the current installation got its credentials; null if not installed. */
  installedAt: number | null;
  /** The hosts on which wallets work, as the last installation named them. */
  domainNames: readonly string[];
  /** The client ids that are still valid. */
  readonly clientIds: Set<string>;
}

/** The given details of a store; defaults are used for the rest. */
export interface MerchantDetails {
  readonly externalKey: string;
  readonly storeName?: string | undefined;
  readonly email?: string | undefined;
  readonly api?: Generation | null | undefined;
}
