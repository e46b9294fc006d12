import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { endHeadRequest } from '../../common/http/request-context';
import { decodeCursor } from '../../common/listing/page';
import { OrderList, type OrderListRequest, type OrderSummary } from '../../orders';
import { csvLine } from './csv';

/** The orders that are read at a time. A page is sent before the next one is read. */
const PAGE = 1_000;

/** The number at which the count of an export stops. */
const COUNTED = 100_000;

const COLUMNS = [
  'order_id',
  'external_key',
  'reference',
  'session_id',
  'customer_id',
  'status',
  'payment_method',
  'total_cents',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof OrderSummary)[];

/** An export that begins, with the number of its orders. */
export interface StartedExport {
  readonly csv: Readable;
  /** The number of orders, such as `1042`; `100000+` if there are at least so many. */
  readonly count: string;
}

/** Exports lists of orders as CSV: the columns of the list, newest first. */
@Injectable()
export class OrderExport {
  constructor(private readonly orders: OrderList) {}

  /** Counts the orders and begins to send them. @param shop the only shop whose orders are exported; undefined: all. */
  async start(request: OrderListRequest, shop?: string): Promise<StartedExport> {
    const count = await this.orders.count(request, COUNTED, shop);
    // A HEAD gets the headers; its body would be read and dropped.
    endHeadRequest();
    return {
      csv: Readable.from(this.lines(request, shop), { objectMode: false, highWaterMark: 1 }),
      count: count < COUNTED ? String(count) : `${COUNTED}+`,
    };
  }

  private async *lines(request: OrderListRequest, shop: string | undefined): AsyncGenerator<string> {
    yield csvLine(COLUMNS);
    for (let cursor = request.cursor, isLast = false; !isLast;) {
      const page = await this.orders.list({ ...request, limit: PAGE, cursor }, shop);
      if (page.data.length > 0)
        yield page.data.map((order) => csvLine(COLUMNS.map((column) => order[column]))).join('');
      cursor = page.next_cursor === null ? undefined : decodeCursor(page.next_cursor);
      isLast = cursor === undefined;
    }
  }
}
