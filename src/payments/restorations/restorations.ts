import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../../config';
import { queryRow, queryRows, SchemaState } from '../../database';
import { OrderRecovery } from '../../orders';

/** The last restoration of a backup. */
export interface Restoration {
  readonly restoredAt: Date;
  /** Readings of orders count from then on: calls of the lost time have ended at Appmax. */
  readonly readingsFrom: Date;
  readonly isReopened: boolean;
}

/** What a restoration changes, or would change. */
export interface RestorationEffects {
  /** The open checkout sessions, which expire. */
  readonly sessions: number;
  /** The orders whose next sync is brought forward. */
  readonly orders: number;
}

/** The sessions that one statement expires. */
const BATCH = 5_000;

/** SQL: the checkout sessions that could still be paid. */
const OPEN_SESSIONS = `expired_at IS NULL AND expires_at > clock_timestamp()
  AND NOT EXISTS (SELECT FROM session_payments p WHERE p.session_id = s.id)`;

/**
 * Knows when backups were restored. A restored database lacks the operations that came after its backup, so nothing of
 * it proves that an order is unpaid: until a person has reopened, only orders that Appmax shows as unpaid are paid.
 */
@Injectable()
export class Restorations implements OnApplicationBootstrap {
  private readonly logger = new Logger('Payments');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly recovery: OrderRecovery,
    private readonly schema: SchemaState,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.backgroundWork) return;
    this.schema.whenReady(() => {
      void this.warnIfClosed();
    });
  }

  /** Returns the last restoration; undefined if no backup was ever restored. */
  async last(): Promise<Restoration | undefined> {
    const [row] = await queryRows<Restoration>(
      this.dataSource,
      `SELECT restored_at AS "restoredAt", readings_from AS "readingsFrom", reopened_at IS NOT NULL AS "isReopened"
       FROM restorations ORDER BY id DESC LIMIT 1`,
    );
    return row;
  }

  /** Returns what {@link mark} would change. */
  async preview(): Promise<RestorationEffects> {
    const { count } = await queryRow<{ count: number }>(
      this.dataSource,
      `SELECT count(*)::int AS count FROM checkout_sessions s WHERE ${OPEN_SESSIONS}`,
    );
    return { sessions: count, orders: await this.recovery.countScheduled() };
  }

  /**
   * Marks the database as restored from a backup. Open checkout sessions expire, because an order that the database does
   * not know may have been made and paid for them. All scheduled syncs become due when readings count. If it fails, it
   * may be repeated.
   */
  async mark(): Promise<RestorationEffects> {
    const { from } = await queryRow<{ from: Date }>(
      this.dataSource,
      `INSERT INTO restorations (restored_at, readings_from)
       SELECT now, now + make_interval(secs => $1) FROM (SELECT clock_timestamp()::timestamp AS now) t
       RETURNING readings_from AS from`,
      [this.settlingSeconds],
    );
    return { sessions: await this.expireSessions(), orders: await this.recovery.bringForward(from) };
  }

  /** Opens new orders, refunds and upsells again. @returns false if they were open. */
  async reopen(): Promise<boolean> {
    const rows = await queryRows(
      this.dataSource,
      'UPDATE restorations SET reopened_at = clock_timestamp() WHERE reopened_at IS NULL RETURNING id',
    );
    return rows.length > 0;
  }

  private async expireSessions(): Promise<number> {
    for (let expired = 0; ;) {
      const rows = await queryRows(
        this.dataSource,
        `UPDATE checkout_sessions s SET expired_at = clock_timestamp()
         WHERE id IN (SELECT id FROM checkout_sessions s WHERE ${OPEN_SESSIONS} ORDER BY id LIMIT ${BATCH}) RETURNING id`,
      );
      expired += rows.length;
      if (rows.length < BATCH) return expired;
    }
  }

  /** The time in which a call of the lost time may still have an effect at Appmax, and its readings may lag behind. */
  private get settlingSeconds(): number {
    const { appmax, paymentSettleSeconds } = this.config;
    return Math.max(appmax.cardTimeoutSeconds, appmax.timeoutSeconds) + paymentSettleSeconds;
  }

  private async warnIfClosed(): Promise<void> {
    try {
      const last = await this.last();
      if (last !== undefined && !last.isReopened)
        this.logger.warn(
          'A backup was restored: new orders, refunds and upsells are closed until npm run database:restored -- --reopen',
        );
    } catch (error) {
      this.logger.warn({ err: error }, 'The restorations could not be read');
    }
  }
}
