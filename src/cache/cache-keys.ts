/** Stands before every key in Redis. */
export const CACHE_PREFIX = 'appmax_checkout_';

/** A key and how long its value is kept, in seconds. */
export interface CacheEntry {
  readonly key: string;
  readonly seconds: number;
}

/** Every key that this service keeps. */
export const cacheKeys = {
  /** App id and external_key behind the hash of an installation under way. */
  installState: (hash: string): CacheEntry => ({ key: `install:${hash}`, seconds: 3600 }),
  /** The bearer token of one installation's merchant. */
  merchantToken: (installationId: number): string => `merchant_token:${installationId}`,
  /** The times of the requests that count towards one limit; `subject` is whom it limits, as a digest. */
  requestLimit: (limit: string, subject: string): string => `limit:${limit}:${subject}`,
  /** The bearer token of the app itself. */
  appToken: 'app_token',
} as const;
