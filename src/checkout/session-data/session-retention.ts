import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG, type Config } from '../../config';
import { handleAgedRows, queryRows, Retention } from '../../database';
import { eraseSessions } from './session-erasure';

const BATCH = 200;
const DAY_SECONDS = 86_400;

/**
 * Deletes old sessions that no order was made from, and removes the personal data of the others. A session lasts at most
 * 30 days, which is also the least number of days that can be set: all sessions of that age have ended.
 */
@Injectable()
export class SessionRetention {
  constructor(
    @Inject(CONFIG) { retention: { sessionDays } }: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    retention: Retention,
  ) {
    if (sessionDays === undefined) return;
    retention.add({ name: 'checkout sessions', batch: () => this.handleOld(sessionDays * DAY_SECONDS) });
  }

  private handleOld(ageSeconds: number): Promise<boolean> {
    return handleAgedRows<object>(this.dataSource, {
      task: 'checkout_sessions',
      table: 'checkout_sessions',
      time: 'created_at',
      ageSeconds,
      batchSize: BATCH,
      handle: (rows, manager) =>
        this.handle(
          rows.map(({ id }) => id),
          manager,
        ),
    });
  }

  private async handle(ids: readonly number[], manager: EntityManager): Promise<void> {
    await queryRows(
      manager,
      `DELETE FROM checkout_sessions s WHERE s.id = ANY ($1::bigint[]) AND s.expires_at <= clock_timestamp()
         AND NOT EXISTS (SELECT FROM session_orders so WHERE so.session_id = s.id)`,
      [ids],
    );
    await eraseSessions(manager, ids);
  }
}
