/** The prefix of every key in Redis. */
export const CACHE_PREFIX = 'appmax_checkout_';

/** A key and the lifetime of its value in seconds. */
export interface CacheEntry {
  readonly key: string;
  readonly seconds: number;
}

/** All keys that this service uses. */
export const cacheKeys = {
  /** The app id and external_key of an unfinished installation, by its hash. */
  installState: (hash: string): CacheEntry => ({ key: `install:${hash}`, seconds: 3600 }),
  /** A shop's installment plans of a total in cents, for up to a number of installments. */
  installments: (installationId: number, totalCents: number, installments: number): CacheEntry => ({
    key: `installments:${installationId}:${totalCents}:${installments}`,
    seconds: 300,
  }),
  /** The bearer token of one installation's merchant. */
  merchantToken: (installationId: number): string => `merchant_token:${installationId}`,
  /** The times of the requests that count towards a rate limit; `subject` is a digest of the limited caller. */
  requestLimit: (limit: string, subject: string): string => `limit:${limit}:${subject}`,
  /** The tokens that are left of the limit of one caller at Appmax; `bucket` is a digest that names it. */
  appmaxCalls: (bucket: string): string => `appmax_calls:${bucket}`,
  /** The bearer token of the app itself. */
  appToken: 'app_token',
} as const;
