import { Logger } from '@nestjs/common';
import type { RedisClientType } from '@redis/client';
import type { SentinelConfig } from '../config';

const ASK_MILLISECONDS = 1_000;

/** The address of a Redis server. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Knows the address of the Redis that Sentinels name as the master. The first Sentinel that answers is believed; one that
 * is wrong for a moment costs nothing, because a Redis that is no master refuses the probe's write.
 */
export class Sentinels {
  private readonly logger = new Logger('Redis');
  private asking: Promise<void> | undefined;
  address: RedisAddress;

  /** @param tls the options of TLS, which are those of Redis itself. */
  constructor(
    private readonly config: SentinelConfig,
    private readonly tls: { readonly tls?: true; readonly ca?: string },
  ) {
    // Until a Sentinel has answered: a Sentinel refuses the probe's write.
    this.address = config.addresses[0] ?? { host: 'localhost', port: 26_379 };
  }

  /** Asks the Sentinels for the master. If none answers, the last address is kept. */
  async refresh(): Promise<void> {
    this.asking ??= this.askAll().finally(() => (this.asking = undefined));
    await this.asking;
  }

  private async askAll(): Promise<void> {
    const answers = this.config.addresses.map((sentinel) => this.ask(sentinel));
    const address = await Promise.any(answers).catch(() => undefined);
    if (address === undefined) return;
    const { host, port } = address;
    if (host !== this.address.host || port !== this.address.port)
      this.logger.log(`The master is ${host}:${port}`);
    this.address = address;
  }

  private async ask(sentinel: RedisAddress): Promise<RedisAddress> {
    const { createClient } = await import('@redis/client');
    const { username, password, master } = this.config;
    const client: RedisClientType = createClient({
      socket: { ...this.tls, ...sentinel, connectTimeout: ASK_MILLISECONDS, reconnectStrategy: false },
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    });
    client.on('error', () => undefined);
    const timer = setTimeout(() => void client.disconnect().catch(() => undefined), ASK_MILLISECONDS);
    try {
      await client.connect();
      const answer = await client.sendCommand<[string, string] | null>([
        'SENTINEL',
        'GET-MASTER-ADDR-BY-NAME',
        master,
      ]);
      if (answer === null) throw new Error(`The Sentinel knows no ${master}`);
      return { host: answer[0], port: Number(answer[1]) };
    } finally {
      clearTimeout(timer);
      await client.disconnect().catch(() => undefined);
    }
  }
}
