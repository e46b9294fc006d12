import { finished, type Writable } from 'node:stream';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../../config';
import { Notifications } from '../../database';
import { gaugeOf } from '../../metrics';
import { OrderStatusReader, parseOrderId } from '../status/order-status-reader';
import { ChangePolls, PollWindow } from './change-polls';
import { CHANNEL } from './status-announcements';
import { type StatusChange, StatusStream } from './status-stream';
import { StreamLimit } from './stream-limit';

const KEEP_ALIVE_MILLISECONDS = 15_000;

/** The order to stream, and the `Last-Event-ID` of a client that reconnects. */
export interface StreamRequest {
  readonly key: string;
  readonly orderId: string;
  /** The client's IP address. */
  readonly address: string;
  /** The HTTP response. When it ends, the stream is destroyed. */
  readonly response: Writable;
  readonly lastEventId?: string | undefined;
}

/** Streams status changes to the clients of this instance, whichever instance or program made the change. */
@Injectable()
export class StatusFeed implements OnModuleDestroy {
  private readonly logger = new Logger('StatusFeed');
  private readonly streams = new Map<number, Set<StatusStream>>();
  private keepAliveTimer: NodeJS.Timeout | undefined;
  private listening: Promise<unknown> | undefined;
  private readonly streamLimit: StreamLimit;
  private readonly window = new PollWindow();

  constructor(
    @Inject(CONFIG) { rateLimit }: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly statuses: OrderStatusReader,
    private readonly notifications: Notifications,
    registry: Registry,
    polls: ChangePolls,
  ) {
    polls.onPoll((newest) => this.sweep(newest));
    this.streamLimit = new StreamLimit(rateLimit);
    gaugeOf(registry, {
      name: 'status_streams',
      help: "Clients that watch an order's status on this instance",
      read: () => ({ open: this.streamLimit.open }),
    });
  }

  /**
   * Streams one order's statuses: the current one (after a reconnection, those that were missed), then each change.
   *
   * @throws ApiError 400 `invalid order_id`, 404 `installation not found` or `order not found`, 503 if the instance has
   * too many streams, 429 if the address has too many.
   */
  async stream({ key, orderId, address, response, lastEventId }: StreamRequest): Promise<StatusStream> {
    await this.statuses.read(key, orderId);
    await this.listen();
    const release = this.streamLimit.take(address);
    const stream = new StatusStream(parseOrderId(orderId));
    stream.once('close', release);
    // The response to a HEAD request ends without reading the stream.
    finished(response, () => stream.destroy());
    this.add(stream);
    try {
      // The changes are read after the stream is added, so that a change in between is announced and not missed.
      stream.begin(await this.changes([stream.orderId]), numberOf(lastEventId));
    } catch (error) {
      stream.destroy();
      throw error;
    }
    return stream;
  }

  onModuleDestroy(): void {
    clearInterval(this.keepAliveTimer);
    for (const stream of this.all()) stream.finish();
  }

  /** Starts to listen. If that fails, streams get changes by the poll, and the next stream tries again. */
  private async listen(): Promise<void> {
    this.keepAliveTimer ??= setInterval(() => {
      for (const stream of this.all()) stream.keepAlive();
    }, KEEP_ALIVE_MILLISECONDS).unref();
    this.listening ??= this.notifications
      .listen({
        channel: CHANNEL,
        onMessage: (payload) => {
          this.announce(payload);
        },
        onGap: () => this.catchUp(),
      })
      .catch((error: unknown) => {
        this.listening = undefined;
        this.logger.warn(`Streams get changes by the poll: ${(error as Error).message}`);
      });
    await this.listening;
  }

  private add(stream: StatusStream): void {
    const ofOrder = this.streams.get(stream.orderId) ?? new Set();
    this.streams.set(stream.orderId, ofOrder.add(stream));
    stream.once('close', () => {
      ofOrder.delete(stream);
      if (ofOrder.size === 0 && this.streams.get(stream.orderId) === ofOrder)
        this.streams.delete(stream.orderId);
    });
  }

  private announce(payload: string): void {
    const [orderId, id, ...status] = payload.split(' ');
    const change = { id: Number(id), orderId: Number(orderId), status: status.join(' ') };
    for (const stream of this.streams.get(change.orderId) ?? []) stream.announce(change);
  }

  /** Sends every stream the changes that it missed while the listening connection was lost. */
  private async catchUp(): Promise<void> {
    const streams = this.all();
    if (streams.length === 0) return;
    const oldest = Math.min(...streams.map(({ lastSeen: id }) => id));
    await this.send(oldest);
    this.logger.log(`The missed changes were sent to ${streams.length} streams`);
  }

  /**
   * Sends the changes of the last polls. An instance that is killed between a commit and its announcement leaves a change
   * that is not announced; streams skip what they have sent already.
   *
   * @param newest the number of the newest change that is committed.
   */
  private async sweep(newest: number): Promise<void> {
    // Before the first poll, streams may have missed changes since they began.
    const before = this.window.add(newest) ?? Math.min(newest, ...this.all().map(({ lastSeen }) => lastSeen));
    if (newest > before && this.streams.size > 0) await this.send(before);
  }

  private async send(after: number): Promise<void> {
    for (const change of await this.changes([...this.streams.keys()], after)) {
      for (const stream of this.streams.get(change.orderId) ?? []) stream.announce(change);
    }
  }

  private changes(orderIds: readonly number[], after = 0): Promise<StatusChange[]> {
    return this.dataSource.query(
      `SELECT id, appmax_order_id AS "orderId", status FROM order_status_changes
       WHERE appmax_order_id = ANY($1) AND id > $2 ORDER BY id`,
      [orderIds, after],
    );
  }

  private all(): StatusStream[] {
    return [...this.streams.values()].flatMap((streams) => [...streams]);
  }
}

function numberOf(lastEventId: string | undefined): number | undefined {
  return lastEventId !== undefined && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : undefined;
}
