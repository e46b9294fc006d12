import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { isoTime } from '../common/listing/page';
import { Instant } from '../common/openapi/fields';
import { queryRows } from '../database';

/** A change of an order's status. */
export interface StatusChange {
  readonly status: string;
  readonly changedAt: Date;
}

/** The syncs of an order: it is read at Appmax by a schedule, and on request. */
export class SyncState {
  @Instant('When Appmax was last asked for the order.', { nullable: true })
  asked_at: string | null;

  @Instant('When the last read was sent that Appmax answered.', { nullable: true })
  answered_at: string | null;

  @Instant('When it is asked for next.', { nullable: true })
  next_at: string | null;

  @ApiProperty({
    description: 'The reason of a requested sync, such as `webhook` or `admin`.',
    type: 'string',
    nullable: true,
    example: null,
  })
  reason: string | null;

  @ApiProperty({ description: 'Consecutive failures.', type: 'integer', example: 0 })
  failures: number;

  @ApiProperty({ description: 'The last error.', type: 'string', nullable: true, example: null })
  last_error: string | null;
}

type SyncRow = Omit<SyncState, 'asked_at' | 'answered_at' | 'next_at'> & {
  readonly asked_at: Date | null;
  readonly answered_at: Date | null;
  readonly next_at: Date | null;
};

/** Reads what happened to an order. */
@Injectable()
export class OrderHistory {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Returns the newest status changes of an order, newest first. @param orderId the id at Appmax. */
  statusChanges(orderId: number, limit: number): Promise<StatusChange[]> {
    return queryRows<StatusChange>(
      this.dataSource,
      `SELECT status, changed_at AS "changedAt" FROM order_status_changes WHERE appmax_order_id = $1
       ORDER BY id DESC LIMIT $2`,
      [orderId, limit],
    );
  }

  /** Returns the state of an order's syncs; undefined if none is known. @param orderId the id at Appmax. */
  async syncState(orderId: number): Promise<SyncState | undefined> {
    const [row] = await queryRows<SyncRow>(
      this.dataSource,
      `SELECT asked_at, answered_at, next_at, reason, failures, last_error FROM order_refreshes
       WHERE appmax_order_id = $1`,
      [orderId],
    );
    if (row === undefined) return undefined;
    const { asked_at: asked, answered_at: answered, next_at: next } = row;
    return {
      ...row,
      asked_at: isoTime(asked),
      answered_at: isoTime(answered),
      next_at: isoTime(next),
    };
  }
}
