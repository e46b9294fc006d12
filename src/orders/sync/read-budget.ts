import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type BackgroundReadsConfig, CONFIG, type Config } from '../../config';
import { queryRows } from '../../database';
import {
  dailyLimits,
  longestWait,
  type PlannedRead,
  type Purpose,
  purposeOf,
  PURPOSES,
} from './sync-reasons';

/** The number of reads that a merchant may have at once after a pause. */
const BURST = 10;

/** A read that may be sent after `waitSeconds`, or the time before which none is allowed. */
export type Slot =
  | { readonly waitSeconds: number }
  | {
      readonly retryAt: Date;
      /** True if the day's reads for this purpose are used up, false if only the rate is too high now. */
      readonly isDayUsedUp: boolean;
    };

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

  /** Reserves one read of the merchant, if the daily shares and the rate allow it. */
  async take(installationId: number, read: PlannedRead): Promise<Slot> {
    const purpose = purposeOf(read.reason);
    const { total, reserved, ceiling } = dailyLimits(read, this.reads.perMonth);
    const limits = [total, ceiling, ...PURPOSES.map((each) => reserved[each])];
    if (total === 0 || ceiling === 0) return { retryAt: await this.tomorrow(), isDayUsedUp: true };
    const [slot] = await queryRows<{ wait: number }>(
      this.dataSource,
      `INSERT INTO background_reads AS b (installation_id, day, reads, ${purpose}_reads, free_at)
       VALUES ($1, now()::date, 1, 1, now() - make_interval(secs => $7::float8 * ${BURST - 1}))
       ON CONFLICT (installation_id) DO UPDATE
       SET day = excluded.day, ${addRead(purpose)},
           free_at = GREATEST(b.free_at, now() - make_interval(secs => $7::float8 * ${BURST})) + make_interval(secs => $7::float8)
       WHERE NOT (${isUsedUp(purpose)}) AND b.free_at < now() + make_interval(secs => $8::float8)
       RETURNING GREATEST(0, extract(epoch FROM free_at - now()))::float8 AS wait`,
      [installationId, ...limits, 1 / this.reads.perSecond, longestWait(read.reason)],
    );
    return slot === undefined
      ? this.refusal(purpose, [installationId, ...limits])
      : { waitSeconds: slot.wait };
  }

  /**
   * Counts a read that is sent even above the limits, because a payment with an unknown outcome blocks its order. It
   * leaves one read less on that day of those that are not reserved.
   */
  async takeAnyway(installationId: number): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO background_reads AS b (installation_id, day, reads, free_at) VALUES ($1, now()::date, 1, now())
       ON CONFLICT (installation_id) DO UPDATE SET day = excluded.day, ${addRead()}`,
      [installationId],
    );
  }

  private async refusal(purpose: Purpose, values: readonly number[]): Promise<Slot> {
    const [row] = await queryRows<{ isDayUsedUp: boolean; retryAt: Date }>(
      this.dataSource,
      `SELECT ${isUsedUp(purpose)} AS "isDayUsedUp",
         (CASE WHEN ${isUsedUp(purpose)} THEN now()::date + interval '1 day'
          ELSE GREATEST(free_at, now() + interval '1 second') END)::timestamp AS "retryAt"
       FROM background_reads b WHERE installation_id = $1`,
      [...values],
    );
    return row ?? { retryAt: await this.tomorrow(), isDayUsedUp: true };
  }

  private async tomorrow(): Promise<Date> {
    const [row] = await queryRows<{ at: Date }>(
      this.dataSource,
      `SELECT (now()::date + interval '1 day')::timestamp AS at`,
    );
    return row?.at ?? new Date(Date.now() + 86_400_000);
  }
}

/** SQL: the assignments that count one read, and start at zero on a new day. Without a purpose, it counts for none. */
function addRead(purpose?: Purpose): string {
  const plusOne = (column: string, one: number): string =>
    `${column} = CASE WHEN b.day = excluded.day THEN b.${column} ELSE 0 END + ${one}`;
  return [
    plusOne('reads', 1),
    ...PURPOSES.map((each) => plusOne(`${each}_reads`, each === purpose ? 1 : 0)),
  ].join(', ');
}

/**
 * SQL: true if a purpose has no read left today: it is at its ceiling ($3), or it has used what is reserved for it and
 * only the unused reserves of the others are left of the total ($2). $4 to $6 are the reserves, in the order of PURPOSES.
 */
function isUsedUp(purpose: Purpose): string {
  const reserve = (each: Purpose): string => `$${4 + PURPOSES.indexOf(each)}::integer`;
  const others = PURPOSES.filter((each) => each !== purpose).map(
    (each) => `GREATEST(0, ${reserve(each)} - b.${each}_reads)`,
  );
  return `b.day = now()::date AND (b.${purpose}_reads >= $3::integer OR (b.${purpose}_reads >= ${reserve(purpose)}
    AND b.reads + ${others.join(' + ')} >= $2::integer))`;
}
