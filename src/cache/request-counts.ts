import { randomUUID } from 'node:crypto';
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
  /** By this it can be taken back, wherever it was counted. */
  readonly place: string;
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
redis.call('ZADD', KEYS[1], now, ARGV[4])
redis.call('PEXPIRE', KEYS[1], span)
return {hits + 1, 0}
`;

/** Whether a request counts, or only wants to know. */
type Purpose = 'count' | 'look';

interface Meeting extends RequestLimit {
  readonly purpose: Purpose;
  readonly place: string;
}

type Met = Omit<RequestCount, 'place'>;

/** A request that went on. */
interface Counted {
  readonly at: number;
  readonly place: string;
}

/** Beyond this the addresses that were quiet for longest are forgotten first. */
const MAXIMUM_KEYS = 50_000;

/** Counts requests: in Redis, together with the other instances, or in this process while there is no Redis. */
@Injectable()
export class RequestCounts {
  private readonly requests = new LRUCache<string, readonly Counted[]>({ max: MAXIMUM_KEYS });

  constructor(@Inject(REDIS) private readonly client: RedisClientType | null) {}

  /** Counts a request, unless it is one too many. */
  async count(request: RequestLimit): Promise<RequestCount> {
    return this.meet(request, 'count');
  }

  /** What a request would meet with; it doesn't count. */
  async look(request: RequestLimit): Promise<RequestCount> {
    return this.meet(request, 'look');
  }

  /**
   * Takes a request back that should not have counted: here and in Redis, which may have counted it although its answer
   * came too late. Where that fails it counts until its time is up.
   */
  async takeBack({ key, milliseconds }: RequestLimit, place: string): Promise<void> {
    const { client } = this;
    if (client !== null) await attempt(() => client.zRem(CACHE_PREFIX + key, place));
    this.keepHere(
      key,
      (this.requests.get(key) ?? []).filter((each) => each.place !== place),
      milliseconds,
    );
  }

  private async meet(request: RequestLimit, purpose: Purpose): Promise<RequestCount> {
    const { client } = this;
    const meeting = { ...request, purpose, place: randomUUID() };
    const shared = client === null ? undefined : await attempt(() => meetInRedis(client, meeting));
    return { ...(shared?.value ?? this.meetHere(meeting)), place: meeting.place };
  }

  private meetHere({ key, limit, milliseconds, purpose, place }: Meeting): Met {
    const now = Date.now();
    const requests = (this.requests.get(key) ?? []).filter(({ at }) => at > now - milliseconds);
    const hits = requests.length + 1;
    if (hits > limit) return { hits, waitMilliseconds: (requests[0]?.at ?? now) + milliseconds - now };
    if (purpose === 'count') this.keepHere(key, [...requests, { at: now, place }], milliseconds);
    return { hits, waitMilliseconds: 0 };
  }

  private keepHere(key: string, requests: readonly Counted[], milliseconds: number): void {
    if (requests.length === 0) this.requests.delete(key);
    else this.requests.set(key, requests, { ttl: milliseconds });
  }
}

async function meetInRedis(
  client: RedisClientType,
  { key, limit, milliseconds, purpose, place }: Meeting,
): Promise<Met> {
  const counted = await client.eval(COUNT, {
    keys: [CACHE_PREFIX + key],
    arguments: [String(limit), String(milliseconds), purpose, place],
  });
  const [hits, waitMilliseconds] = counted as [number, number];
  return { hits, waitMilliseconds };
}
