import { Logger } from '@nestjs/common';
import { createClient, type RedisClientType } from '@redis/client';
import type { CacheConfig } from '../config';

/** The injection token of the connection to Redis; it is null if the cache is this process's memory. */
export const REDIS = Symbol('Redis');

/**
 * Creates a Redis client that connects, and reconnects, in the background. The service starts without Redis, and while
 * there is no connection, commands fail at once instead of being queued.
 */
export function redisClient(config: CacheConfig): RedisClientType {
  const logger = new Logger('Redis');
  let reported = false;
  const client: RedisClientType = createClient({
    socket: {
      host: config.host,
      port: config.port,
      connectTimeout: 2_000,
      reconnectStrategy: (attempts) => Math.min(attempts * 100, 2_000),
    },
    ...(config.username === undefined ? {} : { username: config.username }),
    ...(config.password === undefined ? {} : { password: config.password }),
    database: config.database,
    disableOfflineQueue: true,
    pingInterval: 5_000,
  });
  client.on('ready', () => {
    reported = false;
    logger.log('Connected');
  });
  client.on('error', (error: NodeJS.ErrnoException) => {
    if (!reported)
      logger.warn(`Not reachable (${error.code ?? error.message}): using this process's memory instead`);
    reported = true;
  });
  void client.connect().catch(() => undefined);
  return client;
}
