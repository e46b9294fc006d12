import { Logger } from '@nestjs/common';
import type { ErrorReply, RedisClientType } from '@redis/client';
import { withTimeout } from '../common/with-timeout';
import type { CacheConfig } from '../config';
import { refusalOf } from './attempt';
import { CACHE_PREFIX } from './cache-keys';
import { Sentinels } from './sentinels';

const PROBE_INTERVAL_MILLISECONDS = 5_000;
const PROBE_TIMEOUT_MILLISECONDS = 2_000;

/** Writes a short-lived key. @throws ErrorReply if Redis refuses writes: as a replica, full, or without permission. */
export async function probe(client: RedisClientType): Promise<void> {
  await client.set(`${CACHE_PREFIX}probe`, '1', { PX: 10_000 });
}

/**
 * Creates a Redis client that connects, and reconnects, in the background. The service starts without Redis, and while
 * there is no connection, commands fail at once instead of being queued.
 *
 * Every 5 s the client writes a key. If that gets no answer within 2 s, or the answer that the server is a replica, the
 * client connects again: the connection is dead, or another server has become the primary. With Sentinels, they are asked
 * for the master after each failure, so that the next attempt goes to it.
 *
 * The library is loaded only here: it takes more memory than all other libraries together, and most small installations
 * keep their cache in memory.
 */
export async function redisClient(config: CacheConfig): Promise<RedisClientType> {
  const { createClient } = await import('@redis/client');
  const connection = new AbortableConnection();
  const sentinels =
    config.sentinel === undefined ? undefined : new Sentinels(config.sentinel, tlsOptions(config));
  await sentinels?.refresh();
  const client: RedisClientType = createClient({
    // The library reads these for each attempt to connect.
    socket: Object.defineProperties(socketOptions(config), {
      signal: { enumerable: true, get: () => connection.begin() },
      ...(sentinels === undefined
        ? {}
        : {
            host: { enumerable: true, get: () => sentinels.address.host },
            port: { enumerable: true, get: () => sentinels.address.port },
          }),
    }),
    ...(config.username === undefined ? {} : { username: config.username }),
    ...(config.password === undefined ? {} : { password: config.password }),
    database: config.database,
    disableOfflineQueue: true,
  });
  client.on('error', () => void sentinels?.refresh());
  watch(client, connection);
  void client.connect().catch(() => undefined);
  return client;
}

function tlsOptions({ tls }: CacheConfig): { readonly tls?: true; readonly ca?: string } {
  return tls === undefined ? {} : { tls: true, ...(tls.ca === undefined ? {} : { ca: tls.ca }) };
}

function socketOptions(config: CacheConfig) {
  const { host, port } = config;
  return {
    host,
    port,
    connectTimeout: 2_000,
    reconnectStrategy: (attempts: number) => Math.min(attempts * 100, 2_000),
    ...tlsOptions(config),
  };
}

/** The socket of the current connection: each one gets a signal with which it can be destroyed. */
class AbortableConnection {
  private controller = new AbortController();

  begin(): AbortSignal {
    this.controller = new AbortController();
    return this.controller.signal;
  }

  destroy(): void {
    this.controller.abort(new Error('no answer'));
  }
}

/** Probes a client every 5 s until it is closed, and logs each change of its state once. */
function watch(client: RedisClientType, connection: AbortableConnection): void {
  const logger = new Logger('Redis');
  let state = '';
  const report = (next: string): void => {
    if (next === state) return;
    state = next;
    if (next === 'works') logger.log('Connected');
    else logger.warn(`${next}: using this process's memory instead`);
  };
  const check = async (): Promise<void> => {
    try {
      await withTimeout(probe(client), PROBE_TIMEOUT_MILLISECONDS);
      report('works');
    } catch (error) {
      const refusal = await refusalOf(error);
      if (refusal !== undefined) report(`Writes are refused (${codeOf(refusal)})`);
      if (refusal === undefined || codeOf(refusal) === 'READONLY') connection.destroy();
    }
  };
  let probing = false;
  const probeOnce = (): void => {
    if (probing) return;
    probing = true;
    void check().finally(() => (probing = false));
  };
  const timer = setInterval(probeOnce, PROBE_INTERVAL_MILLISECONDS).unref();
  client.on('ready', probeOnce);
  client.on('end', () => {
    clearInterval(timer);
  });
  client.on('error', (error: NodeJS.ErrnoException) => {
    // After a refused write the client only connects again: that is not another failure.
    if (!state.startsWith('Writes') || error.name !== 'AbortError')
      report(`Not reachable (${error.name === 'AbortError' ? 'no answer' : (error.code ?? error.message)})`);
  });
}

/** Returns the first word of Redis's error, such as `READONLY` or `OOM`. */
function codeOf({ message }: ErrorReply): string {
  return message.split(' ', 1)[0] ?? '';
}
