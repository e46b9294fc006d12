import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { invalidQuery } from '../../common/errors/api-error';
import { queryRow, queryRows } from '../../database';
import { InstallationList } from '../../installations';
import type { DaySums, PixWaits, ShopSums, Statistics, Sums } from './answers';
import {
  ALL_SHOPS,
  LONGER,
  PIX_WAIT_SECONDS,
  SUMS_OF_SHOPS,
  sumsByMeasure,
  TIME_ZONE,
  TODAY,
} from './statistics-sql';

/** The longest range of days. */
const LONGEST_DAYS = 366;
const DEFAULT_DAYS = 30;
const LISTED_SHOPS = 100;

/** The range and the shop of a request for statistics; days are texts such as `2026-01-31`. */
export interface StatisticsRequest {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly key?: string | undefined;
}

interface Range {
  readonly from: string;
  readonly to: string;
  readonly days: number;
  readonly as_of: Date;
}

/** The sums of today and of the last 30 days. */
export interface RecentSums {
  readonly as_of: string;
  readonly today: Sums;
  readonly last_30_days: Sums;
}

interface DetailRow {
  readonly measure: 'made' | 'pix_wait';
  readonly detail: string;
  readonly entries: number;
  readonly amount: number;
}

type ShopRow = Sums & { readonly installation_id: number };

/** The `installation_id` of no installation, and of no sums. */
const NO_SHOP = -1;

/** SQL: the sums of orders of rows `d`. */
const SUMS = sumsByMeasure('float8');

/** SQL: the rows `d` of `daily_statistics` of the days $1 to $2 and of the shop $3. */
const IN_RANGE = `d.installation_id = $3 AND d.day BETWEEN $1::date AND $2::date
  AND (d.entries <> 0 OR d.amount <> 0)`;

const TOTALS = `SELECT ${SUMS} FROM daily_statistics d WHERE ${IN_RANGE}`;

const DAYS = `SELECT d.day::text AS day, d.payment_method, ${SUMS} FROM daily_statistics d WHERE ${IN_RANGE}
  GROUP BY d.day, d.payment_method ORDER BY d.day, d.payment_method`;

const DETAILS = `SELECT d.measure, d.detail, sum(d.entries)::float8 AS entries, sum(d.amount)::float8 AS amount
  FROM daily_statistics d WHERE ${IN_RANGE} AND d.measure IN ('made', 'pix_wait')
  GROUP BY d.measure, d.detail HAVING sum(d.entries) > 0 ORDER BY sum(d.entries) DESC, d.detail`;

const SHOPS = `SELECT s.* FROM (
    SELECT d.installation_id, ${SUMS_OF_SHOPS} FROM daily_shop_sums d
    WHERE d.day BETWEEN $1::date AND $2::date AND ($3::bigint = ${ALL_SHOPS} OR d.installation_id = $3)
    GROUP BY d.installation_id) s
  WHERE s.orders <> 0 OR s.paid <> 0 OR s.refunds <> 0 OR s.declines <> 0
  ORDER BY s.paid_cents DESC, s.installation_id LIMIT ${LISTED_SHOPS}`;

/** Reads the statistics of orders. */
@Injectable()
export class StatisticsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly installations: InstallationList,
  ) {}

  /**
   * Returns the sums of a range of days, by default of the last 30 days.
   *
   * @param shop the only shop that is counted; undefined: all.
   * @throws ApiError 400 if the range is reversed or longer than 366 days.
   */
  async read(request: StatisticsRequest, shop?: string): Promise<Statistics> {
    const installationId = await this.installationOf(request, shop);
    // One snapshot, so that the sums agree with each other.
    const sums = await this.dataSource.transaction('REPEATABLE READ', (manager) =>
      this.sumsOf(manager, request, installationId),
    );
    return { ...sums, shops: await this.withKeys(sums.shops) };
  }

  /**
   * Returns the sums of today and of the last 30 days.
   *
   * @param shop the only shop that is counted; undefined: all.
   */
  async recent(shop?: string): Promise<RecentSums> {
    const installationId = await this.installationOf({}, shop);
    return this.dataSource.transaction('REPEATABLE READ', async (manager) => {
      const { from, to, as_of: asOf } = await this.rangeOf(manager, {});
      return {
        as_of: asOf.toISOString(),
        today: await queryRow<Sums>(manager, TOTALS, [to, to, installationId]),
        last_30_days: await queryRow<Sums>(manager, TOTALS, [from, to, installationId]),
      };
    });
  }

  /** Returns the `installation_id` of the sums that are asked for. */
  private async installationOf({ key }: StatisticsRequest, shop?: string): Promise<number> {
    if (key !== undefined && shop !== undefined && key !== shop) return NO_SHOP;
    const only = key ?? shop;
    return only === undefined ? ALL_SHOPS : ((await this.installations.idOf(only)) ?? NO_SHOP);
  }

  private async sumsOf(
    manager: EntityManager,
    request: StatisticsRequest,
    installationId: number,
  ): Promise<Omit<Statistics, 'shops'> & { readonly shops: ShopRow[] }> {
    const range = await this.rangeOf(manager, request);
    const values = [range.from, range.to, installationId];
    const totals = await queryRow<Sums>(manager, TOTALS, values);
    const days = await queryRows<DaySums>(manager, DAYS, values);
    const details = await queryRows<DetailRow>(manager, DETAILS, values);
    const shops = await queryRows<ShopRow>(manager, SHOPS, values);
    return {
      from: range.from,
      to: range.to,
      time_zone: TIME_ZONE,
      as_of: range.as_of.toISOString(),
      totals,
      days,
      shops,
      statuses: details
        .filter(({ measure }) => measure === 'made')
        .map(({ detail, entries, amount }) => ({ status: detail, orders: entries, orders_cents: amount })),
      pix_waits: toPixWaits(details.filter(({ measure }) => measure === 'pix_wait')),
    };
  }

  /** Completes the range, and reads the time up to which changes are counted. */
  private async rangeOf(manager: EntityManager, { from, to }: StatisticsRequest): Promise<Range> {
    const range = await queryRow<Range>(
      manager,
      `SELECT f.day::text AS from, t.day::text AS to, t.day - f.day + 1 AS days,
         COALESCE((SELECT q.queued_at FROM statistics_queue q ORDER BY q.id LIMIT 1),
           now() AT TIME ZONE 'UTC') AS as_of
       FROM (SELECT COALESCE($2::date, GREATEST(${TODAY}, $1::date))) t (day)
       CROSS JOIN LATERAL (SELECT COALESCE($1::date, t.day - ${DEFAULT_DAYS - 1})) f (day)`,
      [from ?? null, to ?? null],
    );
    if (range.days < 1) throw invalidQuery([{ field: 'to', message: 'to must not be before from' }]);
    if (range.days > LONGEST_DAYS)
      throw invalidQuery([
        { field: 'from', message: `from must be at most ${LONGEST_DAYS - 1} days before to` },
      ]);
    return range;
  }

  private async withKeys(rows: readonly ShopRow[]): Promise<ShopSums[]> {
    const keys = await this.installations.externalKeys(rows.map((row) => row.installation_id));
    return rows.map(({ installation_id: id, ...sums }) => ({ external_key: keys.get(id) ?? '', ...sums }));
  }
}

function toPixWaits(rows: readonly DetailRow[]): PixWaits[] {
  const paid = new Map(rows.map((row) => [row.detail, row.entries]));
  return [
    ...PIX_WAIT_SECONDS.map((limit) => ({ up_to_seconds: limit, paid: paid.get(String(limit)) ?? 0 })),
    { up_to_seconds: null, paid: paid.get(LONGER) ?? 0 },
  ];
}
