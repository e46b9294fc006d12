import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { isRecord } from '../../common/is-record';
import { queryRows } from '../../database';
import { isReduced } from '../../webhooks';
import { type Advance, inRanges } from './id-ranges';
import { mentions, payloadPattern, type Subject } from './subject';

/** Payloads of a range; most have a few KiB. */
const EVENTS = 2_000;

/** A webhook event about a person. */
export interface PersonEvent {
  readonly id: number;
  readonly event: string;
  readonly event_type: string;
  readonly appmax_order_id: number | null;
  readonly created_at: Date | null;
  readonly payload: unknown;
}

/** Finds the webhook events of a person's orders, and all others whose payload names the person. */
@Injectable()
export class PersonEvents {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Reads the payloads of all events, in ranges. Events whose payload is reduced already are left out.
   *
   * @param orderIds the ids at Appmax of the person's orders.
   */
  async find(subject: Subject, orderIds: readonly number[], advance?: Advance): Promise<PersonEvent[]> {
    const pattern = payloadPattern(subject);
    const options = { dataSource: this.dataSource, table: 'webhook_events', size: EVENTS };
    const found = await inRanges(advance === undefined ? options : { ...options, advance }, ({ after, to }) =>
      queryRows<PersonEvent & { readonly shop: string | null }>(
        this.dataSource,
        `SELECT e.id, e.event, e.event_type, e.appmax_order_id, e.created_at, e.payload, i.external_key AS shop
           FROM webhook_events e LEFT JOIN orders o ON o.appmax_order_id = e.appmax_order_id
           LEFT JOIN installations i ON i.id = o.installation_id
           WHERE e.id > $1 AND e.id <= $2 AND (e.appmax_order_id = ANY ($3::integer[])
             OR ($4::text <> '' AND e.payload::text ~* $4::text)) ORDER BY e.id`,
        [after, to, orderIds, pattern],
      ),
    );
    const ofOrders = new Set(orderIds);
    return found.filter(
      ({ shop, ...row }) =>
        !isReduced(row.payload, row) &&
        (ofOrders.has(row.appmax_order_id ?? 0) ||
          (mentions(row.payload, row.event, subject) && isOfShop(shop, row.payload, subject.shop))),
    );
  }
}

/** Returns true if an event may be of the wanted shop: its order's shop or else its envelope names no other one. */
function isOfShop(shopOfOrder: string | null, payload: unknown, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  const envelope = isRecord(payload) ? [payload['external_key'], payload['client_key']] : [];
  const named =
    shopOfOrder === null ? envelope.filter((key) => typeof key === 'string' && key !== '') : [shopOfOrder];
  return named.length === 0 || named.includes(wanted);
}
