import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { invalidQuery } from '../../common/errors/api-error';
import { queryRow, queryRows } from '../../database';
import { InstallationList } from '../../installations';
import type { DaySums, PixWaits, ShopSums, Statistics, StatusSums, Sums } from './answers';
import { LONGER, PIX_WAIT_SECONDS, TIME_ZONE, TODAY } from './statistics-sql';

/** The longest range of days. */
const LONGEST_DAYS = 366;
const DEFAULT_DAYS = 30;
const SHOPS = 100;

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

type ShopRow = Sums & { readonly installation_id: number };

const sumOf = (column: string, measure: string): string =>
  `COALESCE(sum(d.${column}) FILTER (WHERE d.measure = '${measure}'), 0)::float8`;

/** SQL: the columns of {@link Sums}. */
const SUMS = `${sumOf('entries', 'made')} AS orders, ${sumOf('amount', 'made')} AS orders_cents,
  ${sumOf('entries', 'paid')} AS paid, ${sumOf('amount', 'paid')} AS paid_cents,
  ${sumOf('entries', 'refunded')} AS refunds, ${sumOf('amount', 'refunded')} AS refunded_cents,
  ${sumOf('entries', 'declined')} AS declines`;

const IN_RANGE = `d.day BETWEEN $1::date AND $2::date AND ($3::bigint IS NULL OR d.installation_id = $3)
  AND (d.entries <> 0 OR d.amount <> 0)`;

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
    const { key = shop } = request;
    const known = key === undefined ? undefined : await this.installations.idOf(key);
    // No installation has the id 0.
    const isForeign = key !== undefined && (known === undefined || (shop !== undefined && key !== shop));
    const installationId = isForeign ? 0 : (known ?? null);
    // One snapshot, so that the sums agree with each other.
    const sums = await this.dataSource.transaction('REPEATABLE READ', (manager) =>
      this.sumsOf(manager, request, installationId),
    );
    return { ...sums, shops: await this.withKeys(sums.shops) };
  }

  private async sumsOf(
    manager: EntityManager,
    request: StatisticsRequest,
    installationId: number | null,
  ): Promise<Omit<Statistics, 'shops'> & { readonly shops: ShopRow[] }> {
    const range = await this.rangeOf(manager, request);
    const values = [range.from, range.to, installationId];
    const statement = (columns: string, rest = ''): string =>
      `SELECT ${columns} FROM daily_statistics d WHERE ${IN_RANGE} ${rest}`;
    const read = <Row>(columns: string, rest: string): Promise<Row[]> =>
      queryRows<Row>(manager, statement(columns, rest), values);
    const totals = await queryRow<Sums>(manager, statement(SUMS), values);
    const days = await read<DaySums>(
      `d.day::text AS day, d.payment_method, ${SUMS}`,
      'GROUP BY d.day, d.payment_method ORDER BY d.day, d.payment_method',
    );
    const shops = await read<ShopRow>(
      `d.installation_id, ${SUMS}`,
      `GROUP BY d.installation_id ORDER BY ${sumOf('amount', 'paid')} DESC, d.installation_id LIMIT ${SHOPS}`,
    );
    const statuses = await read<StatusSums>(
      'd.detail AS status, sum(d.entries)::float8 AS orders, sum(d.amount)::float8 AS orders_cents',
      "AND d.measure = 'made' GROUP BY d.detail HAVING sum(d.entries) > 0 ORDER BY sum(d.entries) DESC, d.detail",
    );
    const waits = await read<{ detail: string; paid: number }>(
      'd.detail, sum(d.entries)::float8 AS paid',
      "AND d.measure = 'pix_wait' GROUP BY d.detail",
    );
    return {
      from: range.from,
      to: range.to,
      time_zone: TIME_ZONE,
      as_of: range.as_of.toISOString(),
      totals,
      days,
      shops,
      statuses,
      pix_waits: toPixWaits(waits),
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

function toPixWaits(rows: readonly { detail: string; paid: number }[]): PixWaits[] {
  const paid = new Map(rows.map((row) => [row.detail, row.paid]));
  return [
    ...PIX_WAIT_SECONDS.map((limit) => ({ up_to_seconds: limit, paid: paid.get(String(limit)) ?? 0 })),
    { up_to_seconds: null, paid: paid.get(LONGER) ?? 0 },
  ];
}
