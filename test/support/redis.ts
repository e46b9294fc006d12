import { createClient, type RedisClientType } from '@redis/client';
import type { RedisConnection } from './servers';

/**
 * The Redis database of this lane of tests: files that run at once don't meet in it. Installations have the same ids in
 * all test databases, and would take each other's place in the cache.
 */
export const REDIS_DATABASE = Number(process.env['JEST_WORKER_ID'] ?? 1);
/** Another one of the lane's, which no other test counts in. */
export const SPARE_REDIS_DATABASE = REDIS_DATABASE + 500;

/** A connection of the test's own to the Redis of the run. */
export async function connectToRedis(database = REDIS_DATABASE): Promise<RedisClientType> {
  const { host, port, password } = JSON.parse(process.env['TEST_REDIS'] ?? '') as RedisConnection;
  const client: RedisClientType = createClient({ socket: { host, port }, password, database });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** The keys that match, whatever there is beside them. */
export async function keysLike(client: RedisClientType, pattern: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of client.scanIterator({ MATCH: pattern, COUNT: 1_000 })) keys.push(key);
  return keys;
}
