import { type ContentModel, type Generation } from '../settings/settings';

/** A store whose owner installed, or is about to install, the app. */
export interface Merchant {
  /** Names the merchant everywhere; chosen by whoever starts the installation. */
  readonly externalKey: string;
  readonly siteId: string;
  /** The random Pix key that its Pix are paid to. */
  readonly pixKey: string;
  storeName: string;
  email: string;
  documentNumber: string;
  phone: string;
  /** The generation of answers this merchant gets, whatever the settings say; null follows the settings. */
  api: Generation | null;
  /** The UUID that the service answered to the last health check. */
  externalId: string | null;
  /** Where this merchant's webhooks go; null follows the settings. */
  webhookUrl: string | null;
  contentModel: ContentModel | null;
  /** Whether this merchant's webhooks carry the App Store's fields; null follows the settings. */
  appStoreEnvelope: boolean | null;
  readonly createdAt: number;
  /** When the credentials of the current installation were handed out; null before and after. */
  installedAt: number | null;
  /** The client ids handed out so far that are still valid. */
  readonly clientIds: Set<string>;
}

/** What is told of a store when it is first met; the rest is made up. */
export interface MerchantDetails {
  readonly externalKey: string;
  readonly storeName?: string | undefined;
  readonly email?: string | undefined;
  readonly api?: Generation | null | undefined;
}
