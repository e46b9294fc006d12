export { AppCache } from './app-cache';
export { CacheModule } from './cache.module';
export { cacheKeys } from './cache-keys';
export { type RequestCount, RequestCounts, type RequestLimit } from './request-counts';
export { type TokenBucket, TokenBuckets, type TokensTaken } from './token-buckets';
