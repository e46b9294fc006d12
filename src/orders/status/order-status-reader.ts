import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { INT32_MAX } from '../../common/validation/validators';
import { queryPrepared } from '../../database';
import { installationNotFound } from '../../installations';
import { invalidOrderId, orderNotFound } from '../errors';

/** One row if the installation exists; its `status` is null if the installation has no such order. */
const STATUS_OF_ORDER = `SELECT o.status FROM installations i
  LEFT JOIN orders o ON o.installation_id = i.id AND o.appmax_order_id = $2
  WHERE i.external_key = $1`;

/** An id that no order has, so that an invalid id of an unknown installation is answered like any other id. */
const NO_ORDER = 0;

/** Reads the statuses of orders for the storefront: one prepared statement each, without entities or credentials. */
@Injectable()
export class OrderStatusReader {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Returns the status of a merchant's order.
   *
   * @param externalKey the merchant's key in the path.
   * @param orderId the order's id at Appmax, as the text of the path.
   * @throws ApiError in this order: 404 `installation not found`, 400 `invalid order_id`, 404 `order not found` (another
   * merchant's order included).
   */
  async read(externalKey: string, orderId: string): Promise<{ status: string }> {
    // A URL's path may have a NUL character, but a text in PostgreSQL may not.
    if (externalKey.includes('\0')) throw installationNotFound();
    const id = idIn(orderId);
    const [found] = await queryPrepared<{ status: string | null }>(this.dataSource, {
      name: 'status_of_order',
      text: STATUS_OF_ORDER,
      values: [externalKey, id ?? NO_ORDER],
    });
    if (found === undefined) throw installationNotFound();
    if (id === undefined) throw invalidOrderId();
    if (found.status === null) throw orderNotFound();
    return { status: found.status };
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
