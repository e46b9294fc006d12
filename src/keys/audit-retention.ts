import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../config';
import { queryRows, Retention } from '../database';

const BATCH = 1_000;

/** Deletes old entries of the audit log. */
@Injectable()
export class AuditRetention {
  constructor(
    @Inject(CONFIG) { retention: { auditLogDays } }: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    retention: Retention,
  ) {
    if (auditLogDays === undefined) return;
    retention.add({ name: 'the audit log', batch: () => this.deleteOld(auditLogDays) });
  }

  private async deleteOld(days: number): Promise<boolean> {
    const deleted = await queryRows(
      this.dataSource,
      `DELETE FROM audit_log WHERE id IN (
         SELECT id FROM audit_log WHERE created_at < now() - make_interval(days => $1)
         ORDER BY created_at, id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
       RETURNING id`,
      [days],
    );
    return deleted.length === BATCH;
  }
}
