import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { isoTime } from '../../common/listing/page';
import { Instant, RowId } from '../../common/openapi/properties';
import { Cents } from '../../common/validation/validators';

/** An attempt to pay an order. */
export class PaymentAttemptSummary {
  @RowId()
  id: number;

  @ApiProperty({
    description: 'How it was tried.',
    enum: ['credit_card', 'pix', 'boleto'],
    example: 'credit_card',
  })
  method: string;

  @Cents({ description: 'What was to be paid.', example: 15990 })
  amount_cents: number;

  @ApiProperty({
    description: '`started` and `unknown` are open: nobody knows yet, and Appmax is being asked.',
    enum: ['started', 'succeeded', 'declined', 'refused', 'unavailable', 'unknown'],
    example: 'succeeded',
  })
  state: string;

  @ApiProperty({ description: 'What went wrong.', type: 'string', nullable: true, example: null })
  failure: string | null;

  @Instant('When it was about to be sent.', { nullable: true })
  started_at: string | null;

  @Instant('When it was known how it ended.', { nullable: true })
  settled_at: string | null;
}

/** A refund that was asked for. */
export class RefundSummary {
  @RowId()
  id: number;

  @ApiProperty({
    description: 'All that was left, or a part.',
    enum: ['total', 'partial'],
    example: 'partial',
  })
  type: string;

  @Cents({ description: 'What was to be given back.', example: 1000 })
  amount_cents: number;

  @ApiProperty({
    description: '`unknown` waits for a person: it may have been accepted, and is not sent again.',
    enum: ['started', 'accepted', 'declined', 'refused', 'unavailable', 'unknown'],
    example: 'accepted',
  })
  state: string;

  @ApiProperty({ description: 'What went wrong.', type: 'string', nullable: true, example: null })
  failure: string | null;

  @Instant('When it was about to be sent.', { nullable: true })
  started_at: string | null;
}

/** All that was tried to pay an order and to give it back, oldest first. */
export interface History {
  readonly payment_attempts: PaymentAttemptSummary[];
  readonly refund_requests: RefundSummary[];
}

type WithDates<Row> = {
  [Name in keyof Row]: Name extends 'started_at' | 'settled_at' ? Date | null : Row[Name];
};

/** What was tried with an order's money, for an operator. */
@Injectable()
export class PaymentHistory {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @param orderId in our database. */
  async of(orderId: number): Promise<History> {
    const [attempts, refunds] = await Promise.all([
      this.dataSource.query<WithDates<PaymentAttemptSummary>[]>(
        `SELECT id, method, amount_cents, state, failure, started_at, settled_at
         FROM payment_attempts WHERE order_id = $1 ORDER BY id`,
        [orderId],
      ),
      this.dataSource.query<WithDates<RefundSummary>[]>(
        'SELECT id, type, amount_cents, state, failure, started_at FROM refund_requests WHERE order_id = $1 ORDER BY id',
        [orderId],
      ),
    ]);
    return {
      payment_attempts: attempts.map((row) => ({
        ...row,
        started_at: isoTime(row.started_at),
        settled_at: isoTime(row.settled_at),
      })),
      refund_requests: refunds.map((row) => ({ ...row, started_at: isoTime(row.started_at) })),
    };
  }
}
