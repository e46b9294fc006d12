import { createClient, type RedisClientType } from '@redis/client';
import type { RedisConnection } from './servers';

/** A connection of the test's own to the Redis of the run. */
export async function connectToRedis(database = 0): Promise<RedisClientType> {
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
