import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { RedisClientType } from '@redis/client';
import { attempt, REDIS } from './attempt';
import { CACHE_PREFIX, cacheKeys } from './cache-keys';

/** A number of tokens to take; `reserve` of the bucket's tokens are left for others. */
export interface TokenRequest {
  readonly count: number;
  readonly reserve: number;
}

/** A bucket that starts with `burst` tokens, and earns `perSecond` up to `burst`. */
export interface TokenBucket {
  readonly key: string;
  readonly burst: number;
  readonly perSecond: number;
}

/** The tokens granted to each request, those left in the bucket, and the number of instances that took any in the last minute. */
export interface TokensTaken {
  readonly granted: readonly number[];
  readonly left: number;
  readonly instances: number;
}

/**
 * The Lua script that takes tokens atomically for all instances, by the clock of Redis. A bucket whose key has expired is
 * full. It also notes which instances take tokens: without Redis, each keeps to its part.
 */
const TAKE = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local burst, perSecond = tonumber(ARGV[1]), tonumber(ARGV[2])
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = burst
if bucket[1] then
  tokens = math.min(burst, bucket[1] + math.max(0, now - bucket[2]) * perSecond / 1000)
end
local result = {}
for index = 4, #ARGV, 2 do
  local count = math.max(0, math.min(tonumber(ARGV[index]), math.floor(tokens - ARGV[index + 1])))
  tokens = tokens - count
  result[#result + 1] = count
end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', now)
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / perSecond * 1000) + 1000)
redis.call('ZADD', KEYS[2], now, ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - 60000)
redis.call('PEXPIRE', KEYS[2], 60000)
result[#result + 1] = redis.call('ZCARD', KEYS[2])
result[#result + 1] = tostring(tokens)
return result
`;

/**
 * The timeout of taking tokens, longer than that of other operations: a busy process reads the answer late, and without
 * it the instance keeps to its part of the limit.
 */
const TAKE_TIMEOUT_MILLISECONDS = 500;

/** Token buckets in Redis, which all instances share. */
@Injectable()
export class TokenBuckets {
  private readonly instanceId = randomUUID();

  constructor(@Inject(REDIS) private readonly client: RedisClientType | null) {}

  /** True if the cache is on Redis. */
  get areShared(): boolean {
    return this.client !== null;
  }

  /**
   * Takes tokens for several requests, the first one first.
   *
   * @returns undefined if Redis did not answer in time, or refused.
   */
  async take(
    { key, burst, perSecond }: TokenBucket,
    requests: readonly TokenRequest[],
  ): Promise<TokensTaken | undefined> {
    const { client } = this;
    if (client === null) return undefined;
    const numbers = [
      burst,
      perSecond,
      this.instanceId,
      ...requests.flatMap((each) => [each.count, each.reserve]),
    ];
    const { value } = await attempt(
      'EVAL',
      () =>
        client.eval(TAKE, {
          keys: [CACHE_PREFIX + key, CACHE_PREFIX + cacheKeys.callingInstances],
          arguments: numbers.map(String),
        }),
      TAKE_TIMEOUT_MILLISECONDS,
    );
    if (value === undefined) return undefined;
    const result = value as unknown as [...number[], string];
    return {
      granted: result.slice(0, requests.length) as number[],
      instances: Number(result.at(-2)),
      left: Number(result.at(-1)),
    };
  }
}
