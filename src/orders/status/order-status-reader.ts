import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { orWhenFull } from '../../common/concurrency-limit';
import { databaseUnavailable } from '../../common/errors/database-unavailable';
import { GroupedWork, groupsAtOnce } from '../../common/grouped-work';
import { INT32_MAX } from '../../common/validation/validators';
import { CONFIG, type Config } from '../../config';
import { queryPrepared } from '../../database';
import { installationNotFound } from '../../installations';
import { invalidOrderId, orderNotFound } from '../errors';

/**
 * SQL: the statuses of orders. The parameters are arrays of `external_key` and order id.
 *
 * The lookups are subqueries of single rows, so that a cached plan uses their indexes, whatever size the tables had when
 * it was made.
 *
 * @returns a row for each order, in the sequence of the arrays. `status` is null if the installation has no such order.
 */
const STATUSES_OF_ORDERS = `
SELECT found.id IS NOT NULL AS is_installed, found.status
FROM unnest($1::text[], $2::integer[]) WITH ORDINALITY AS r (external_key, order_id, position)
LEFT JOIN LATERAL (
  SELECT i.id, (
    SELECT o.status FROM orders o
    WHERE o.appmax_order_id = r.order_id AND o.installation_id = i.id LIMIT 1) AS status
  FROM installations i WHERE i.external_key = r.external_key LIMIT 1) found ON true
ORDER BY r.position`;

/** One statement reads this many statuses; this many more may wait, each with its request. */
const GROUP = { items: 500 };
const QUEUE = { items: 10_000 };

/** An id that no order has, so that an invalid id of an unknown installation is answered like any other id. */
const NO_ORDER = 0;

interface Lookup {
  readonly externalKey: string;
  readonly orderId: number;
}

interface FoundStatus {
  readonly is_installed: boolean;
  readonly status: string | null;
}

/**
 * Reads the statuses of orders for the storefront, without entities or credentials: one prepared statement for all reads
 * that came while the last statement was under way.
 */
@Injectable()
export class OrderStatusReader {
  private readonly reads: GroupedWork<Lookup, FoundStatus>;

  constructor(
    @Inject(CONFIG) { database }: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {
    this.reads = new GroupedWork({
      atOnce: groupsAtOnce(database.maxOpenConnections),
      group: GROUP,
      queue: QUEUE,
      perform: (lookups) => this.readGroup(lookups),
    });
  }

  /**
   * Returns the status of a merchant's order.
   *
   * @param externalKey the merchant's key in the path.
   * @param orderId the order's id at Appmax, as the text of the path.
   * @throws ApiError in this order: 404 `installation not found`, 400 `invalid order_id`, 404 `order not found` (another
   * merchant's order included); 503 if too many reads are waiting.
   */
  async read(externalKey: string, orderId: string): Promise<{ status: string }> {
    // A URL's path may have a NUL character, but a text in PostgreSQL may not.
    if (externalKey.includes('\0')) throw installationNotFound();
    const id = idIn(orderId);
    const reading = this.reads.run({ externalKey, orderId: id ?? NO_ORDER });
    const { is_installed: isInstalled, status } = await orWhenFull(reading, databaseUnavailable);
    if (!isInstalled) throw installationNotFound();
    if (id === undefined) throw invalidOrderId();
    if (status === null) throw orderNotFound();
    return { status };
  }

  private readGroup(lookups: readonly Lookup[]): Promise<FoundStatus[]> {
    return queryPrepared<FoundStatus>(this.dataSource, {
      name: 'statuses_of_orders',
      text: STATUSES_OF_ORDERS,
      values: [lookups.map(({ externalKey }) => externalKey), lookups.map(({ orderId }) => orderId)],
    });
  }
}

/**
 * Parses an order id from a path.
 *
 * @throws ApiError 400 `invalid order_id`.
 */
export function parseOrderId(text: string): number {
  const orderId = idIn(text);
  if (orderId === undefined) throw invalidOrderId();
  return orderId;
}

function idIn(text: string): number | undefined {
  const orderId = /^\d{1,10}$/.test(text) ? Number(text) : NO_ORDER;
  return orderId < 1 || orderId > INT32_MAX ? undefined : orderId;
}
