export { AppCache } from './app-cache';
export { cacheKeys } from './cache-keys';
export { CacheModule } from './cache.module';
export { type RequestCount, RequestCounts, type RequestLimit } from './request-counts';
