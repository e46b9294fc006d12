import { createClient, type RedisClientType } from '@redis/client';
import type { RedisConnection } from './servers';

/**
 * The Redis database of this Jest worker: test files that run in parallel do not share one. Installations have the same
 * ids in all test databases, and would overwrite each other in the cache.
 */
export const REDIS_DATABASE = Number(process.env['JEST_WORKER_ID'] ?? 1);
/** Another Redis database of this worker, in which no other test counts requests. */
export const SPARE_REDIS_DATABASE = REDIS_DATABASE + 500;

/** Opens the test's own connection to the Redis of the run. */
export async function connectToRedis(database = REDIS_DATABASE): Promise<RedisClientType> {
  const { host, port, password } = JSON.parse(process.env['TEST_REDIS'] ?? '') as RedisConnection;
  const client: RedisClientType = createClient({ socket: { host, port }, password, database });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Returns the keys that match a pattern. */
export async function keysLike(client: RedisClientType, pattern: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of client.scanIterator({ MATCH: pattern, COUNT: 1_000 })) keys.push(key);
  return keys;
}
