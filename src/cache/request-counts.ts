import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { RedisClientType } from '@redis/client';
import { LRUCache } from 'lru-cache';
import { attempt, REDIS } from './attempt';
import { CACHE_PREFIX } from './cache-keys';

/** A rate limit: at most `limit` requests in any period of `milliseconds`. */
export interface RequestLimit {
  readonly key: string;
  readonly limit: number;
  readonly milliseconds: number;
}

/** The result for a request: the number of requests with it, and the time to wait (0 if the request is allowed). */
export interface RequestCount {
  readonly hits: number;
  readonly waitMilliseconds: number;
  /** The request's id, to take it back. */
  readonly requestId: string;
}

/**
 * The Lua script that counts a request atomically for all instances. A sorted set holds the times of the allowed
 * requests. Refused requests are not counted, so the time to wait is exact.
 */
const COUNT = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local limit, span = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - span)
local hits = redis.call('ZCARD', KEYS[1])
if hits >= limit then
  local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  return {hits + 1, oldest[2] + span - now}
end
if ARGV[3] == 'peek' then return {hits + 1, 0} end
redis.call('ZADD', KEYS[1], now, ARGV[4])
redis.call('PEXPIRE', KEYS[1], span)
return {hits + 1, 0}
`;

/** The kind of a check: `count` counts the request, `peek` does not. */
type Purpose = 'count' | 'peek';

interface LimitCheck extends RequestLimit {
  readonly purpose: Purpose;
  readonly requestId: string;
}

type CheckResult = Omit<RequestCount, 'requestId'>;

/** A request that was allowed and counted. */
interface CountedRequest {
  readonly at: number;
  readonly requestId: string;
}

/** The number of keys in memory; beyond it, the least recently used keys are removed. */
const MAXIMUM_KEYS = 50_000;

/** Counts requests: in Redis for all instances, or in this process's memory if Redis does not answer. */
@Injectable()
export class RequestCounts {
  private readonly requests = new LRUCache<string, readonly CountedRequest[]>({ max: MAXIMUM_KEYS });

  constructor(@Inject(REDIS) private readonly client: RedisClientType | null) {}

  /** Counts a request, unless it is above the limit. */
  async count(request: RequestLimit): Promise<RequestCount> {
    return this.check(request, 'count');
  }

  /** Returns the result that a request would get, without counting it. */
  async peek(request: RequestLimit): Promise<RequestCount> {
    return this.check(request, 'peek');
  }

  /**
   * Removes a request that should not count: from memory, and from Redis, which may have counted it although its answer
   * came too late. If that fails, the request counts until the end of the limit's period.
   */
  async takeBack({ key, milliseconds }: RequestLimit, requestId: string): Promise<void> {
    const { client } = this;
    if (client !== null) await attempt('ZREM', () => client.zRem(CACHE_PREFIX + key, requestId));
    this.keepInMemory(
      key,
      (this.requests.get(key) ?? []).filter((each) => each.requestId !== requestId),
      milliseconds,
    );
  }

  private async check(request: RequestLimit, purpose: Purpose): Promise<RequestCount> {
    const { client } = this;
    const check = { ...request, purpose, requestId: randomUUID() };
    const shared = client === null ? undefined : await attempt('EVAL', () => checkInRedis(client, check));
    return { ...(shared?.value ?? this.checkInMemory(check)), requestId: check.requestId };
  }

  private checkInMemory({ key, limit, milliseconds, purpose, requestId }: LimitCheck): CheckResult {
    const now = Date.now();
    const requests = (this.requests.get(key) ?? []).filter(({ at }) => at > now - milliseconds);
    const hits = requests.length + 1;
    if (hits > limit) return { hits, waitMilliseconds: (requests[0]?.at ?? now) + milliseconds - now };
    if (purpose === 'count') this.keepInMemory(key, [...requests, { at: now, requestId }], milliseconds);
    return { hits, waitMilliseconds: 0 };
  }

  private keepInMemory(key: string, requests: readonly CountedRequest[], milliseconds: number): void {
    if (requests.length === 0) this.requests.delete(key);
    else this.requests.set(key, requests, { ttl: milliseconds });
  }
}

async function checkInRedis(
  client: RedisClientType,
  { key, limit, milliseconds, purpose, requestId }: LimitCheck,
): Promise<CheckResult> {
  const counted = await client.eval(COUNT, {
    keys: [CACHE_PREFIX + key],
    arguments: [String(limit), String(milliseconds), purpose, requestId],
  });
  const [hits, waitMilliseconds] = counted as [number, number];
  return { hits, waitMilliseconds };
}
