import { Inject, Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppmaxHealth } from '../../appmax';
import { isoTime } from '../../common/listing/page';
import { Instant } from '../../common/openapi/fields';
import { CONFIG, type Config } from '../../config';
import { queryRow } from '../../database';
import { InstallationList } from '../../installations';
import { readsPerDay } from '../../orders';
import { Sums } from '../statistics/answers';
import { StatisticsService } from '../statistics/statistics.service';

/** The number at which counts stop. */
const COUNTED = 1_000;

/** The used part of a day's quota above which a shop is counted. */
const NEARLY_USED = 0.8;

const Count = (description: string): PropertyDecorator =>
  ApiProperty({ description, type: 'integer', minimum: 0, example: 0 });

/** The cases that need a person. Counts stop at 1,000. */
export class Attention {
  @Count('Operations with an unknown outcome.')
  unknown_operations: number;

  @Instant('When the oldest of them was sent.', { nullable: true })
  oldest_unknown_at: string | null;

  @Count('Sales that were paid twice.')
  paid_twice: number;

  @Count('Webhook events that were set aside.')
  events_set_aside: number;

  @Count('Webhook events that wait after a failed attempt.')
  events_failing: number;

  @Count('Shops whose credentials Appmax refuses.')
  refused_credentials: number;

  @Count('Shops that have used at least 80 % of their reads or of their calls of the day (UTC).')
  quota_nearly_used: number;

  @Count('Open circuits of hosts of Appmax, of the instance that answers: none of their calls are sent.')
  open_circuits: number;

  @Count('Open circuits of single shops, of the instance that answers.')
  open_shop_circuits: number;
}

/** The first page of an operator. */
export class Overview {
  @ApiProperty({
    description: 'The Appmax that the service uses.',
    enum: ['sandbox', 'production'],
    example: 'sandbox',
  })
  environment: 'sandbox' | 'production';

  @Instant('All changes before this time are counted.')
  as_of: string;

  @ApiProperty({ type: Sums, description: 'The sums of today, in the time zone of the statistics.' })
  today: Sums;

  @ApiProperty({ type: Sums, description: 'The sums of the last 30 days, today included.' })
  last_30_days: Sums;

  @ApiProperty({ type: Attention, description: 'What needs a person.' })
  attention: Attention;
}

type AttentionRow = Omit<Attention, 'oldest_unknown_at' | 'open_circuits' | 'open_shop_circuits'> & {
  readonly oldest_unknown_at: Date | null;
};

/** SQL: a count that stops. */
const count = (rows: string): string => `(SELECT count(*)::int FROM (SELECT ${rows} LIMIT ${COUNTED}) c)`;

/** SQL: limits rows to the installation $1, if there is one. */
const ofShop = (column: string): string => `($1::bigint IS NULL OR ${column} = $1)`;

const OF_SHOPS_ORDER = `($1::bigint IS NULL OR EXISTS (SELECT FROM orders o
  WHERE o.appmax_order_id = e.appmax_order_id AND o.installation_id = $1))`;

const ATTENTION = `SELECT
  ${count(`FROM operations WHERE state = 'unknown' AND ${ofShop('installation_id')}`)} AS unknown_operations,
  (SELECT min(sent_at) FROM operations WHERE state = 'unknown' AND ${ofShop('installation_id')}) AS oldest_unknown_at,
  ${count(`FROM operations WHERE paid_twice_at IS NOT NULL AND ${ofShop('installation_id')}`)} AS paid_twice,
  ${count(`FROM unapplied_webhook_events u JOIN webhook_events e ON e.id = u.event_id
    WHERE u.reason = 'set_aside' AND ${OF_SHOPS_ORDER}`)} AS events_set_aside,
  ${count(`FROM webhook_attempts e WHERE e.next_attempt_at IS NOT NULL AND e.last_error IS NOT NULL
    AND ${OF_SHOPS_ORDER}`)} AS events_failing,
  ${count(`FROM credential_refusals r JOIN installations i ON i.id = r.installation_id
    AND r.refused_since >= i.installed_at WHERE ${ofShop('i.id')}`)} AS refused_credentials,
  ${count(`FROM installations i LEFT JOIN background_reads b ON b.installation_id = i.id AND b.day = now()::date
    LEFT JOIN storefront_calls s ON s.installation_id = i.id AND s.day = now()::date AND s.caller = 'all'
    WHERE (b.reads >= $2::float8 OR s.calls >= $3::float8) AND ${ofShop('i.id')}`)} AS quota_nearly_used`;

/** Reads what an operator needs to see first. */
@Injectable()
export class OverviewService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly statistics: StatisticsService,
    private readonly installations: InstallationList,
    private readonly appmax: AppmaxHealth,
  ) {}

  /** @param shop the only shop that is shown; undefined: all. */
  async read(shop?: string): Promise<Overview> {
    return {
      environment: this.config.appmax.environment,
      ...(await this.statistics.recent(shop)),
      attention: await this.attention(shop),
    };
  }

  private async attention(shop: string | undefined): Promise<Attention> {
    const { backgroundReads, storefrontCalls } = this.config.appmax;
    const row = await queryRow<AttentionRow>(this.dataSource, ATTENTION, [
      shop === undefined ? null : ((await this.installations.idOf(shop)) ?? 0),
      readsPerDay(backgroundReads.perMonth) * NEARLY_USED,
      storefrontCalls.perDay * NEARLY_USED,
    ]);
    const { hosts, shops } = this.appmax.openCircuits();
    return {
      ...row,
      oldest_unknown_at: isoTime(row.oldest_unknown_at),
      open_circuits: hosts,
      open_shop_circuits: shops,
    };
  }
}
