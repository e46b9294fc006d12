import { finished, type Writable } from 'node:stream';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { queryRows } from '../../database';
import { gaugeOf } from '../../metrics';
import { tooManyStreams } from '../errors';
import { ChangePolls, PollWindow } from './change-polls';
import { ChangeStream } from './change-stream';

const KEEP_ALIVE_MILLISECONDS = 15_000;
/** The maximum number of streams of an instance. Operators are few; each may have some tabs. */
const MAXIMUM_STREAMS = 500;
/** The changes that one poll reads. */
const MAXIMUM_CHANGES = 5_000;

interface ChangeRow {
  readonly id: number;
  readonly orderId: number;
  readonly shop: string;
}

/** The parts of a request for a stream. */
export interface ChangeStreamRequest {
  /** The only shop whose orders are sent; undefined: all. */
  readonly shop: string | undefined;
  /** The HTTP response. When it ends, the stream is destroyed. */
  readonly response: Writable;
  /** When the sign-in of the browser ends; undefined for a key. */
  readonly until?: Date | undefined;
}

/**
 * Streams the ids of orders that are new or whose status has changed, whichever instance made the change. It finds them
 * once a second by the poll of the instance, and asks for nothing while no stream is open.
 */
@Injectable()
export class ChangeFeed implements OnModuleDestroy {
  private readonly streams = new Set<ChangeStream>();
  private keepAliveTimer: NodeJS.Timeout | undefined;
  private readonly window = new PollWindow();
  /** The numbers of the changes that were sent and may be read again. */
  private sent = new Set<number>();

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    registry: Registry,
    polls: ChangePolls,
  ) {
    polls.onPoll((newest) => this.sweep(newest));
    gaugeOf(registry, {
      name: 'change_streams',
      help: 'Operators that watch the changes of all orders on this instance',
      read: () => ({ open: this.streams.size }),
    });
  }

  /** Opens a stream of the changes from now on. @throws ApiError 503 if the instance has too many streams. */
  async open({ shop, response, until }: ChangeStreamRequest): Promise<ChangeStream> {
    if (this.streams.size >= MAXIMUM_STREAMS) throw tooManyStreams();
    await this.begin();
    this.keepAliveTimer ??= setInterval(() => {
      for (const each of this.streams) each.keepAlive();
    }, KEEP_ALIVE_MILLISECONDS).unref();
    const stream = new ChangeStream(shop);
    this.streams.add(stream);
    const end =
      until === undefined
        ? undefined
        : setTimeout(
            () => {
              stream.finish();
            },
            Math.max(0, until.getTime() - Date.now()),
          ).unref();
    stream.once('close', () => {
      clearTimeout(end);
      this.streams.delete(stream);
    });
    // The response to a HEAD request ends without reading the stream.
    finished(response, () => stream.destroy());
    return stream;
  }

  onModuleDestroy(): void {
    clearInterval(this.keepAliveTimer);
    for (const stream of this.streams) stream.finish();
  }

  /** Reads where the changes begin, if no poll has done so yet: those after the first stream must not be missed. */
  private async begin(): Promise<void> {
    if (!this.window.isEmpty()) return;
    const [row] = await queryRows<{ newest: unknown }>(
      this.dataSource,
      'SELECT max(id) AS newest FROM order_status_changes',
    );
    if (this.window.isEmpty()) this.window.add(Number(row?.newest ?? 0));
  }

  private async sweep(newest: number): Promise<void> {
    const before = this.window.add(newest) ?? newest;
    if (newest === before || this.streams.size === 0) return;
    const rows = await queryRows<ChangeRow>(
      this.dataSource,
      `SELECT c.id, c.appmax_order_id AS "orderId", i.external_key AS shop
       FROM order_status_changes c JOIN orders o ON o.appmax_order_id = c.appmax_order_id
       JOIN installations i ON i.id = o.installation_id
       WHERE c.id > $1 ORDER BY c.id DESC LIMIT ${MAXIMUM_CHANGES}`,
      [before],
    );
    const news = rows.filter(({ id }) => !this.sent.has(id));
    this.sent = new Set(rows.map(({ id }) => id));
    for (const stream of this.streams) {
      const own = news.filter(({ shop }) => stream.shop === undefined || stream.shop === shop);
      stream.announce(own.map(({ orderId }) => orderId));
    }
  }
}
