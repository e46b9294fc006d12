import { Inject, Injectable } from '@nestjs/common';
import type { RedisClientType } from '@redis/client';
import { LRUCache } from 'lru-cache';
import { attempt } from './attempt';
import { CACHE_PREFIX } from './cache-keys';
import { REDIS } from './redis-client';

/** At most so many requests in any stretch of so many milliseconds. */
export interface RequestLimit {
  readonly key: string;
  readonly limit: number;
  readonly milliseconds: number;
}

/** What a request met with: how many there are with it, and how long to wait, 0 when it may go on. */
export interface RequestCount {
  readonly hits: number;
  readonly waitMilliseconds: number;
  /** Where it was counted, if it was: by this it can be taken back. */
  readonly place?: string | undefined;
}

/**
 * One step for Redis, so that requests on all instances count as if they came one by one. A set holds the times of
 * the requests that went on; those that were refused don't count, so the time to wait is exact.
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
if ARGV[3] == 'look' then return {hits + 1, 0} end
local place = clock[1] .. '.' .. clock[2] .. '.' .. hits
redis.call('ZADD', KEYS[1], now, place)
redis.call('PEXPIRE', KEYS[1], span)
return {hits + 1, 0, place}
`;

/** Whether a request counts, or only wants to know. */
type Purpose = 'count' | 'look';

/** Beyond this the addresses that were quiet for longest are forgotten first. */
const MAXIMUM_KEYS = 50_000;

/** Counts requests: in Redis, together with the other instances, or in this process while there is no Redis. */
@Injectable()
export class RequestCounts {
  private readonly times = new LRUCache<string, readonly number[]>({ max: MAXIMUM_KEYS });

  constructor(@Inject(REDIS) private readonly client: RedisClientType | null) {}

  /** Counts a request, unless it is one too many. */
  async count(request: RequestLimit): Promise<RequestCount> {
    return this.meet(request, 'count');
  }

  /** What a request would meet with; it doesn't count. */
  async look(request: RequestLimit): Promise<RequestCount> {
    return this.meet(request, 'look');
  }

  /** Takes a request back that should not have counted. @param place what counting it has told. */
  async takeBack({ key }: RequestLimit, place: string): Promise<void> {
    const { client } = this;
    if (client !== null) await attempt(() => client.zRem(CACHE_PREFIX + key, place));
    const times = this.times.get(key) ?? [];
    const index = times.indexOf(Number(place));
    if (index >= 0) this.times.set(key, times.toSpliced(index, 1));
  }

  private async meet(request: RequestLimit, purpose: Purpose): Promise<RequestCount> {
    const { client } = this;
    const shared = client === null ? undefined : await attempt(() => meetInRedis(client, request, purpose));
    return shared?.value ?? this.meetHere(request, purpose);
  }

  private meetHere({ key, limit, milliseconds }: RequestLimit, purpose: Purpose): RequestCount {
    const now = Date.now();
    const times = (this.times.get(key) ?? []).filter((time) => time > now - milliseconds);
    const hits = times.length + 1;
    if (hits > limit) return { hits, waitMilliseconds: (times[0] ?? now) + milliseconds - now };
    if (purpose === 'look') return { hits, waitMilliseconds: 0 };
    this.times.set(key, [...times, now], { ttl: milliseconds });
    return { hits, waitMilliseconds: 0, place: String(now) };
  }
}

async function meetInRedis(
  client: RedisClientType,
  { key, limit, milliseconds }: RequestLimit,
  purpose: Purpose,
): Promise<RequestCount> {
  const counted = await client.eval(COUNT, {
    keys: [CACHE_PREFIX + key],
    arguments: [String(limit), String(milliseconds), purpose],
  });
  const [hits, waitMilliseconds, place] = counted as [number, number, string?];
  return { hits, waitMilliseconds, place };
}
