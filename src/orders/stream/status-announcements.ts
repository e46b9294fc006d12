import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { outsideOfRequests } from '../../common/outside-of-requests';
import { noticesOf, Notifications, queryRows } from '../../database';

/** The channel on which each change of a status is announced, as `<order id> <number> <status>`. */
export const CHANNEL = 'order_status';

/** The first words of the notice that the trigger sends to the connection of a change. */
const NOTICE = /^order_status_change (\d{1,15})$/;

/** The time from a notice to its announcement. A change that is not committed by then is tried again. */
const FIRST_MILLISECONDS = 25;
const LONGEST_MILLISECONDS = 1_000;
/** A change that is not committed after this time was rolled back: no transaction takes longer. */
const FORGOTTEN_AFTER_MILLISECONDS = 60_000;
/** The maximum number of changes that one statement announces. */
const ANNOUNCED_AT_ONCE = 1_000;
/** Earlier changes of an order are announced again for this time, so that they come first. */
const EARLIER_SECONDS = 2;

/**
 * Announces the changes of statuses that this process has made, once they are committed: many in one transaction that
 * writes nothing. A NOTIFY in the transaction of a change would hold a lock of the whole database until its commit is on
 * disk.
 */
@Injectable()
export class StatusAnnouncements implements OnApplicationShutdown {
  private readonly logger = new Logger('StatusAnnouncements');
  /** The numbers of changes that are not announced yet, oldest first, with the times of their notices. */
  private readonly waiting = new Map<number, number>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly notifications: Notifications,
  ) {
    noticesOf(dataSource)?.on('notice', (message) => {
      const [, id] = NOTICE.exec(message) ?? [];
      if (id === undefined) return;
      this.waiting.set(Number(id), performance.now());
      if (!this.stopped) this.timer ??= this.announceIn(FIRST_MILLISECONDS);
    });
  }

  /** Announces what is committed, before the pool is closed. */
  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
    await this.announce();
  }

  private announceIn(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.running = outsideOfRequests(() => this.announce());
    }, milliseconds);
  }

  private async announce(): Promise<void> {
    try {
      while ((await this.announceSome()) === ANNOUNCED_AT_ONCE);
    } catch (error) {
      this.logger.error(error);
    }
    const now = performance.now();
    for (const [id, since] of this.waiting)
      if (now - since > FORGOTTEN_AFTER_MILLISECONDS) this.waiting.delete(id);
    // The last one is the youngest. What is not committed for long is tried at growing intervals.
    const youngest = [...this.waiting.values()].at(-1);
    this.timer =
      youngest === undefined || this.stopped
        ? undefined
        : this.announceIn(Math.min(LONGEST_MILLISECONDS, Math.max(FIRST_MILLISECONDS, now - youngest)));
  }

  /** Announces changes that are committed. @returns their number. */
  private async announceSome(): Promise<number> {
    const ids = [...this.waiting.keys()].slice(0, ANNOUNCED_AT_ONCE);
    if (ids.length === 0) return 0;
    // Two instances may change an order one after the other, and announce it the other way round.
    const rows = await queryRows<{ id: number }>(
      this.dataSource,
      `WITH made AS MATERIALIZED (
         SELECT id, appmax_order_id, changed_at FROM order_status_changes WHERE id = ANY($1)),
       announced AS MATERIALIZED (
         SELECT DISTINCT c.id, c.appmax_order_id, c.status FROM made JOIN order_status_changes c
           ON c.appmax_order_id = made.appmax_order_id AND c.id <= made.id
           AND (c.id = made.id OR c.changed_at > made.changed_at - interval '${EARLIER_SECONDS} seconds')
         ORDER BY c.id),
       sent AS MATERIALIZED (
         SELECT pg_notify($2, appmax_order_id || ' ' || id || ' ' || status) FROM announced)
       SELECT id FROM made WHERE (SELECT count(*) FROM sent) > 0`,
      [ids, this.notifications.channelName(CHANNEL)],
    );
    for (const { id } of rows) this.waiting.delete(id);
    return rows.length;
  }
}
