import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type BackgroundReadsConfig, CONFIG, type Config } from '../../config';
import { queryRows } from '../../database';
import { dailyReads, longestWait, type SyncReason } from './sync-reasons';

/** The number of reads that a merchant may have at once after a pause. */
const BURST = 10;

/** A read that may be sent after `waitSeconds`, or the time before which none is allowed. */
export type Slot = { readonly waitSeconds: number } | { readonly retryAt: Date };

/**
 * Limits the background reads of each merchant, per day and per second. The state is in the database, because the limit
 * applies to all instances together.
 */
@Injectable()
export class ReadBudget {
  private readonly reads: BackgroundReadsConfig;

  constructor(
    @Inject(CONFIG) { appmax }: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {
    this.reads = appmax.backgroundReads;
  }

  /** Reserves one read of the merchant, if the daily share of the reason and the rate allow it. */
  async take(installationId: number, reason: SyncReason): Promise<Slot> {
    const step = 1 / this.reads.perSecond;
    const limit = dailyReads(reason, this.reads.perMonth);
    if (limit === 0) return { retryAt: await this.tomorrow() };
    const [slot] = await queryRows<{ wait: number }>(
      this.dataSource,
      `INSERT INTO background_reads AS b (installation_id, day, reads, free_at)
       VALUES ($1, now()::date, 1, now() - make_interval(secs => $2::float8 * ${BURST - 1}))
       ON CONFLICT (installation_id) DO UPDATE
       SET day = excluded.day, reads = CASE WHEN b.day = excluded.day THEN b.reads + 1 ELSE 1 END,
           free_at = GREATEST(b.free_at, now() - make_interval(secs => $2::float8 * ${BURST})) + make_interval(secs => $2::float8)
       WHERE (b.day <> excluded.day OR b.reads < $3) AND b.free_at < now() + make_interval(secs => $4::float8)
       RETURNING GREATEST(0, extract(epoch FROM free_at - now()))::float8 AS wait`,
      [installationId, step, limit, longestWait(reason)],
    );
    return slot === undefined
      ? { retryAt: await this.retryAt(installationId, limit) }
      : { waitSeconds: slot.wait };
  }

  /**
   * Counts a read that is sent even above the limits, because a payment with an unknown outcome blocks its order. It
   * leaves one read less on that day for all other reasons.
   */
  async takeAnyway(installationId: number): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO background_reads AS b (installation_id, day, reads, free_at) VALUES ($1, now()::date, 1, now())
       ON CONFLICT (installation_id) DO UPDATE
       SET day = excluded.day, reads = CASE WHEN b.day = excluded.day THEN b.reads + 1 ELSE 1 END`,
      [installationId],
    );
  }

  private async retryAt(installationId: number, limit: number): Promise<Date> {
    const [row] = await queryRows<{ retry_at: Date }>(
      this.dataSource,
      `SELECT CASE WHEN day = now()::date AND reads >= $2 THEN now()::date + interval '1 day'
              ELSE GREATEST(free_at, now() + interval '1 second') END::timestamp AS retry_at
       FROM background_reads WHERE installation_id = $1`,
      [installationId, limit],
    );
    return row?.retry_at ?? (await this.tomorrow());
  }

  private async tomorrow(): Promise<Date> {
    const [row] = await queryRows<{ at: Date }>(
      this.dataSource,
      `SELECT (now()::date + interval '1 day')::timestamp AS at`,
    );
    return row?.at ?? new Date(Date.now() + 86_400_000);
  }
}
