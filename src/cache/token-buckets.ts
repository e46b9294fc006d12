import { Inject, Injectable } from '@nestjs/common';
import type { RedisClientType } from '@redis/client';
import { attempt, REDIS } from './attempt';
import { CACHE_PREFIX } from './cache-keys';

/** A number of tokens to take; `reserved` of the bucket's tokens are left for others. */
export interface TokenRequest {
  readonly count: number;
  readonly reserved: number;
}

/** A bucket that starts with `burst` tokens, and earns `perSecond` up to `burst`. */
export interface TokenBucket {
  readonly key: string;
  readonly burst: number;
  readonly perSecond: number;
}

/** The tokens granted to each request, and those left in the bucket. */
export interface TokensTaken {
  readonly granted: readonly number[];
  readonly left: number;
}

/**
 * The Lua script that takes tokens atomically for all instances, by the clock of Redis. The value is the number of tokens
 * and the millisecond at which there were so many. A bucket whose key has expired is full. If the clock goes back, as
 * after a failover, nothing is earned in that moment.
 */
const TAKE = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local burst, perSecond = tonumber(ARGV[1]), tonumber(ARGV[2])
local tokens = burst
local left, at = string.match(redis.call('GET', KEYS[1]) or '', '^(%S+) (%d+)$')
if left then
  tokens = math.min(burst, left + math.max(0, now - at) * perSecond / 1000)
end
local result = {}
for index = 3, #ARGV, 2 do
  local count = math.max(0, math.min(tonumber(ARGV[index]), math.floor(tokens - ARGV[index + 1])))
  tokens = tokens - count
  result[#result + 1] = count
end
local full = math.ceil((burst - tokens) / perSecond * 1000) + 1000
redis.call('SET', KEYS[1], string.format('%.6f %.0f', tokens, now), 'PX', full)
result[#result + 1] = string.format('%.6f', tokens)
return result
`;

/** The timeout of taking tokens, longer than that of other operations: a busy process reads the answer late. */
const TAKE_TIMEOUT_MILLISECONDS = 500;

/** Token buckets in Redis, which all instances share. */
@Injectable()
export class TokenBuckets {
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
    const numbers = [burst, perSecond, ...requests.flatMap((each) => [each.count, each.reserved])];
    const { value } = await attempt(
      'EVAL',
      () => client.eval(TAKE, { keys: [CACHE_PREFIX + key], arguments: numbers.map(String) }),
      TAKE_TIMEOUT_MILLISECONDS,
    );
    if (value === undefined) return undefined;
    const result = value as unknown as [...number[], string];
    return { granted: result.slice(0, requests.length) as number[], left: Number(result.at(-1)) };
  }
}
