import { setTimeout as sleep } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Client } from 'pg';
import { DataSource } from 'typeorm';
import { backoff } from '../common/backoff';
import { outsideOfRequests } from '../common/outside-of-requests';
import { CONFIG, type Config } from '../config';
import { clientConfig, directly, poolingOf } from './data-source-options';
import { hearsPool } from './pool/hearing';
import { PooledClient } from './pool/pooled-client';

const RECONNECT = { firstSeconds: 0.1, longestSeconds: 5 };
const PING_MILLISECONDS = 20_000;

/** A listener on one channel. */
export interface NotificationListener {
  /** The channel's name without the schema, which is added as a prefix: in PostgreSQL, channels have no schema. */
  readonly channel: string;
  readonly onMessage: (payload: string) => void;
  /** Called when the connection is lost, or brings no notifications: from now on they are lost. */
  readonly onLost?: () => void;
  /** Called when notifications arrive again: those from before are lost. */
  readonly onGap: () => Promise<void>;
}

/**
 * Receives PostgreSQL's notifications (LISTEN/NOTIFY) on one dedicated connection for the whole process. A pooled
 * connection would lose its LISTEN when it is released. Connects on first use, and reconnects after a loss.
 *
 * Behind a pooler, or with an address of its own, LISTEN may succeed although no notification arrives. So there it connects
 * at start, and sends itself a notification through the pool then and every 20 s.
 */
@Injectable()
export class Notifications implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Notifications');
  private readonly listeners = new Map<string, NotificationListener>();
  private client: Client | undefined;
  private opening: Promise<void> | undefined;
  private stopped = false;
  /** True if the listening connection may reach something else than the server of the pool. */
  private readonly isDoubtful: boolean;
  private arrive = true;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {
    this.isDoubtful = config.database.direct !== undefined || poolingOf(dataSource) === 'session';
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.isDoubtful) return;
    await this.ready().catch((error: unknown) => {
      this.logger.warn(`The connection that listens for notifications failed: ${(error as Error).message}`);
    });
  }

  /**
   * Adds a listener. It gets all notifications that are sent after the promise has resolved.
   *
   * @returns false if notifications do not arrive at present; `onGap` is called when they do.
   */
  async listen(listener: NotificationListener): Promise<boolean> {
    const channel = this.channelName(listener.channel);
    this.listeners.set(channel, listener);
    await this.ready();
    // A connection that was open before does not listen on this channel. Twice has no effect.
    await this.client?.query(`LISTEN ${this.client.escapeIdentifier(channel)}`);
    return this.arrive;
  }

  /** Waits until the connection listens. @throws Error if the database cannot be reached. */
  async ready(): Promise<void> {
    if (this.client !== undefined) return;
    this.opening ??= outsideOfRequests(() => this.open()).finally(() => (this.opening = undefined));
    await this.opening;
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    await this.opening?.catch(() => undefined);
    await this.client?.end().catch(() => undefined);
  }

  private async open(): Promise<void> {
    const client: Client = new PooledClient({
      ...clientConfig(directly(this.config.database), { pooling: 'none', acceptsSettings: false }),
      application_name: 'appmax-checkout notifications',
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      client.on('notification', ({ channel, payload }) =>
        this.listeners.get(channel)?.onMessage(payload ?? ''),
      );
      for (const channel of this.listeners.keys())
        await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    this.client = client;
    this.watch(client);
    await this.checkArrival(client);
  }

  /** Checks if notifications arrive, and tells the log and the listeners if that has changed. */
  private async checkArrival(client: Client): Promise<void> {
    if (!this.isDoubtful) return;
    const arrive = await hearsPool(client, this.dataSource, this.channelName('arrival'));
    if (arrive === undefined || arrive === this.arrive || this.stopped) return;
    this.arrive = arrive;
    if (arrive) {
      this.logger.log('Notifications of PostgreSQL arrive again');
      await Promise.all([...this.listeners.values()].map(({ onGap }) => onGap()));
      return;
    }
    this.logger.warn(
      "Notifications of PostgreSQL don't arrive: status streams get changes by a poll, and merchants are read for each " +
        'request. Set DB_LISTEN_HOST and DB_LISTEN_PORT to the own address of the PostgreSQL that the pool reaches',
    );
    for (const { onLost } of this.listeners.values()) onLost?.();
  }

  /** Pings the connection every 20 s to detect a dead one, and reconnects when the connection ends. */
  private watch(client: Client): void {
    const ping = setInterval(() => {
      void client
        .query('SELECT 1')
        .then(
          () => this.checkArrival(client),
          () => client.end(),
        )
        .catch(() => undefined);
    }, PING_MILLISECONDS);
    ping.unref();
    client.once('end', () => {
      clearInterval(ping);
      if (this.client !== client) return;
      this.client = undefined;
      for (const { onLost } of this.listeners.values()) onLost?.();
      if (!this.stopped) void this.reopen();
    });
  }

  private async reopen(): Promise<void> {
    this.logger.warn('The connection that listens for notifications was lost');
    for (let attempt = 1; !this.stopped; attempt += 1) {
      try {
        await this.ready();
        // Lost again while its arrival was checked.
        if (this.client === undefined) throw new Error('The connection was lost again');
        if (this.arrive) await Promise.all([...this.listeners.values()].map(({ onGap }) => onGap()));
        this.logger.log('Listening for notifications again');
        return;
      } catch {
        await sleep(backoff(attempt, RECONNECT) * 1000, undefined, { ref: false });
      }
    }
  }

  /** Returns the name of a channel in PostgreSQL. */
  channelName(channel: string): string {
    return `${this.config.database.schema}_${channel}`;
  }
}
