import type { ThrottlerStorage } from '@nestjs/throttler';
import { cacheKeys, type RequestCounts } from '../cache';

/** The storage of Nest's throttler: it counts in Redis for all instances, if Redis is configured. */
export class SharedStorage implements ThrottlerStorage {
  constructor(private readonly counts: RequestCounts) {}

  async increment(
    subject: string,
    milliseconds: number,
    limit: number,
    _: number,
    name: string,
  ): Promise<{ totalHits: number; timeToExpire: number; isBlocked: boolean; timeToBlockExpire: number }> {
    const key = cacheKeys.requestLimit(name, subject);
    const { hits, waitMilliseconds } = await this.counts.count({ key, limit, milliseconds });
    const seconds = Math.ceil(waitMilliseconds / 1000);
    return {
      totalHits: hits,
      timeToExpire: Math.ceil(milliseconds / 1000),
      isBlocked: hits > limit,
      timeToBlockExpire: Math.max(1, seconds),
    };
  }
}
