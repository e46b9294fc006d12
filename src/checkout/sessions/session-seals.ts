import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Sealer } from '../../common/secrets/sealer';
import { queryRows } from '../../database';
import { contextOf } from './shopper-data';

const BATCH = 200;

interface Row {
  readonly id: number;
  readonly public_id: string;
  readonly customer: string | null;
  readonly shopper: string | null;
}

/**
 * The result of a rotation: the number of sessions that were sealed, of those that were sealed with the current key
 * already, and of those that no known key opens.
 */
export interface SealedSessions {
  readonly sealed: number;
  readonly already: number;
  readonly unreadable: number;
}

/** Reseals the personal data of checkout sessions with the current APP_KEY. */
@Injectable()
export class SessionSeals {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
  ) {}

  /** Reseals all sessions, {@link BATCH} per statement, oldest first. If it is stopped, the next run does the rest. */
  async resealAll(stop: AbortSignal): Promise<SealedSessions> {
    const already = await this.countCurrent();
    let [sealed, unreadable, after] = [0, 0, 0];
    while (!stop.aborted) {
      const rows = await this.select(after);
      const last = rows.at(-1);
      if (last === undefined) break;
      const changes = rows.flatMap((row) => {
        const customer = this.reseal(row, 'customer');
        const shopper = this.reseal(row, 'shopper');
        return customer === undefined || shopper === undefined ? [] : [{ row, customer, shopper }];
      });
      unreadable += rows.length - changes.length;
      sealed += await this.save(changes);
      after = last.id;
    }
    return { sealed, already, unreadable };
  }

  /** Counts the sessions whose personal data are sealed with the current key. */
  private async countCurrent(): Promise<number> {
    const [row] = await queryRows<{ count: number }>(
      this.dataSource,
      `SELECT count(*) AS count FROM checkout_sessions
       WHERE coalesce(starts_with(customer, $1), true) AND coalesce(starts_with(shopper, $1), true)
         AND num_nonnulls(customer, shopper) > 0`,
      [this.sealer.prefix],
    );
    return row?.count ?? 0;
  }

  private select(after: number): Promise<Row[]> {
    return queryRows<Row>(
      this.dataSource,
      `SELECT id, public_id, customer, shopper FROM checkout_sessions
       WHERE id > $2 AND (NOT starts_with(customer, $1) OR NOT starts_with(shopper, $1)) ORDER BY id LIMIT ${BATCH}`,
      [this.sealer.prefix, after],
    );
  }

  /** Rows that have changed since they were read are left: the change has sealed them. */
  private async save(
    changes: readonly { row: Row; customer: string | null; shopper: string | null }[],
  ): Promise<number> {
    const rows = await queryRows(
      this.dataSource,
      `WITH locked AS (SELECT id FROM checkout_sessions WHERE id = ANY($1) ORDER BY id FOR UPDATE)
       UPDATE checkout_sessions s SET customer = v.customer, shopper = v.shopper
       FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS v (id, old_shopper, customer, shopper)
       JOIN locked USING (id) WHERE s.id = v.id AND s.shopper IS NOT DISTINCT FROM v.old_shopper RETURNING s.id`,
      [
        changes.map(({ row }) => row.id),
        changes.map(({ row }) => row.shopper),
        changes.map(({ customer }) => customer),
        changes.map(({ shopper }) => shopper),
      ],
    );
    return rows.length;
  }

  /** Returns the column sealed with the current key; undefined if no known key opens it. */
  private reseal(row: Row, column: 'customer' | 'shopper'): string | null | undefined {
    const text = row[column];
    if (text === null) return null;
    const context = contextOf(column, row.public_id);
    const plain = this.sealer.tryOpen(text, context);
    return plain === undefined ? undefined : this.sealer.seal(plain, context);
  }
}
