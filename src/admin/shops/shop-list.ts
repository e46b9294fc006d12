import { Inject, Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { isoTime, type Page } from '../../common/listing/page';
import { Instant } from '../../common/openapi/fields';
import { CONFIG, type Config } from '../../config';
import { queryRows } from '../../database';
import { InstallationList, type InstallationListRequest, InstallationSummary } from '../../installations';
import { readsPerDay } from '../../orders';

/** The newest webhook events in which the last one of a shop is searched. */
const RECENT_EVENTS = 10_000;

const Count = (description: string): PropertyDecorator =>
  ApiProperty({ description, type: 'integer', minimum: 0, example: 120 });
const Flag = (description: string): PropertyDecorator =>
  ApiProperty({ description, type: 'boolean', example: true });

/** The steps until a shop sells. */
export class ShopChecklist {
  @Flag('True if Appmax does not refuse its credentials.')
  credentials_accepted: boolean;

  @Flag('True if it has an order.')
  has_order: boolean;

  @Flag('True if one of its orders was paid, by the statistics.')
  has_paid_order: boolean;

  @Flag('True if `last_webhook_at` is known.')
  has_recent_webhook: boolean;
}

/** An installation with its state. */
export class ShopState extends InstallationSummary {
  @Instant('When the last webhook of one of its orders came; null if it is none of the newest 10,000.', {
    nullable: true,
  })
  last_webhook_at: string | null;

  @Count('The background reads at Appmax of the day (UTC).')
  reads_today: number;

  @Count('Their limit.')
  reads_per_day: number;

  @Count('The calls of the day (UTC) that callers without a secret key have caused.')
  storefront_calls_today: number;

  @Count('Their limit.')
  storefront_calls_per_day: number;

  @ApiProperty({ type: ShopChecklist, description: 'The steps until it sells.' })
  checklist: ShopChecklist;
}

interface StateRow {
  readonly id: number;
  readonly last_webhook_at: Date | null;
  readonly reads: number;
  readonly calls: number;
  readonly has_order: boolean;
  readonly has_paid_order: boolean;
}

/**
 * SQL: the states of the installations $1. The order of each recent event is found by its own number (`LIMIT 1` excludes
 * a join that would read all orders of these installations).
 */
const STATES = `WITH recent AS MATERIALIZED (
    SELECT appmax_order_id, created_at FROM webhook_events ORDER BY created_at DESC, id DESC LIMIT ${RECENT_EVENTS}),
  last AS (
    SELECT o.installation_id, max(r.created_at) AS at FROM recent r
    CROSS JOIN LATERAL (
      SELECT installation_id FROM orders WHERE appmax_order_id = r.appmax_order_id LIMIT 1) o
    WHERE o.installation_id = ANY ($1::bigint[]) GROUP BY o.installation_id)
  SELECT i.id, last.at AS last_webhook_at, COALESCE(b.reads, 0) AS reads, COALESCE(s.calls, 0) AS calls,
    EXISTS (SELECT FROM orders o WHERE o.installation_id = i.id) AS has_order,
    EXISTS (SELECT FROM daily_statistics d
      WHERE d.installation_id = i.id AND d.measure = 'paid' AND d.entries > 0) AS has_paid_order
  FROM installations i LEFT JOIN last ON last.installation_id = i.id
  LEFT JOIN background_reads b ON b.installation_id = i.id AND b.day = now()::date
  LEFT JOIN storefront_calls s ON s.installation_id = i.id AND s.day = now()::date AND s.caller = 'all'
  WHERE i.id = ANY ($1::bigint[])`;

/** Lists installations with the state of each. */
@Injectable()
export class ShopList {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly installations: InstallationList,
  ) {}

  /** Returns a page of shops, newest first. @param shop the only shop that is listed; undefined: all. */
  async list(request: InstallationListRequest, shop?: string): Promise<Page<ShopState>> {
    const page = await this.installations.list(request, shop);
    const rows = await queryRows<StateRow>(this.dataSource, STATES, [page.data.map(({ id }) => id)]);
    const states = new Map(rows.map((row) => [row.id, row]));
    return { ...page, data: page.data.map((summary) => this.toState(summary, states.get(summary.id))) };
  }

  private toState(summary: InstallationSummary, state: StateRow | undefined): ShopState {
    const { backgroundReads, storefrontCalls } = this.config.appmax;
    const lastWebhookAt = state?.last_webhook_at ?? null;
    return {
      ...summary,
      last_webhook_at: isoTime(lastWebhookAt),
      reads_today: state?.reads ?? 0,
      reads_per_day: readsPerDay(backgroundReads.perMonth),
      storefront_calls_today: state?.calls ?? 0,
      storefront_calls_per_day: storefrontCalls.perDay,
      checklist: {
        credentials_accepted: summary.credentials_refused_since === undefined,
        has_order: state?.has_order ?? false,
        has_paid_order: state?.has_paid_order ?? false,
        has_recent_webhook: lastWebhookAt !== null,
      },
    };
  }
}
