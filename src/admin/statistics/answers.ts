import { ApiProperty } from '@nestjs/swagger';
import { Instant } from '../../common/openapi/fields';
import { PAYMENT_METHODS } from '../../orders';

const Count = (description: string): PropertyDecorator =>
  ApiProperty({ description, type: 'integer', minimum: 0, example: 12 });
const Day = (description: string): PropertyDecorator =>
  ApiProperty({ description, type: 'string', format: 'date', example: '2026-01-31' });

/** Sums of orders. Amounts are in cents. */
export class Sums {
  @Count('Orders that were made.')
  orders: number;

  @Count('The total of these orders.')
  orders_cents: number;

  @Count('Orders that were paid, refunded ones included.')
  paid: number;

  @Count('The total of the paid orders.')
  paid_cents: number;

  @Count('Orders that were refunded, wholly or in part.')
  refunds: number;

  @Count('The refunded amount.')
  refunded_cents: number;

  @Count('Payments that were declined, on the days of their orders.')
  declines: number;
}

/** The sums of one day and method. */
export class DaySums extends Sums {
  @Day('The day.')
  day: string;

  @ApiProperty({
    description: 'The method; `none` if no payment was tried.',
    enum: [...PAYMENT_METHODS, 'none'],
    example: 'pix',
  })
  payment_method: string;
}

/** The sums of one shop. */
export class ShopSums extends Sums {
  @ApiProperty({ description: "The merchant's key.", type: 'string', example: 'shop-42' })
  external_key: string;
}

/** The orders of the range that have a status now. */
export class StatusSums {
  @ApiProperty({ description: "The status in Appmax's terms.", type: 'string', example: 'aprovado' })
  status: string;

  @Count('Orders with this status, by the day on which they were made.')
  orders: number;

  @Count('Their total.')
  orders_cents: number;
}

/** The Pix payments that took a certain time from the code to the payment. */
export class PixWaits {
  @ApiProperty({
    description: 'The longest time of this group, in seconds; null for all longer times.',
    type: 'integer',
    nullable: true,
    example: 300,
  })
  up_to_seconds: number | null;

  @Count('Payments in this group, without those of the shorter ones.')
  paid: number;
}

/** The statistics of a range of days. */
export class Statistics {
  @Day('The first day.')
  from: string;

  @Day('The last day.')
  to: string;

  @ApiProperty({ description: 'The time zone of the days.', type: 'string', example: 'America/Sao_Paulo' })
  time_zone: string;

  @Instant('All changes before this time are counted.')
  as_of: string;

  @ApiProperty({ type: Sums, description: 'The sums of the range.' })
  totals: Sums;

  @ApiProperty({ type: DaySums, isArray: true, description: 'By day and method, oldest first.' })
  days: DaySums[];

  @ApiProperty({
    type: ShopSums,
    isArray: true,
    description: 'By shop, the highest paid amount first; at most 100.',
  })
  shops: ShopSums[];

  @ApiProperty({ type: StatusSums, isArray: true, description: 'By status, the most frequent first.' })
  statuses: StatusSums[];

  @ApiProperty({ type: PixWaits, isArray: true, description: 'How long Pix payments took, shortest first.' })
  pix_waits: PixWaits[];
}
