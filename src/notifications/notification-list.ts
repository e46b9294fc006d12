import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Conditions } from '../common/listing/conditions';
import { isoTime, type Page, pageOf, type PageRequest, rowsToRead } from '../common/listing/page';
import { Instant, RowId } from '../common/openapi/fields';
import { OneOf } from '../common/validation/validators';
import { queryRows } from '../database';
import { invalidNotificationId, notificationNotFound } from './errors';

/** The types of notifications. */
export const NOTIFICATION_TYPES = [
  'order.status_changed',
  'refund.confirmed',
  'refund.denied',
  'session.completed',
  'session.expired',
  'installation.created',
  'operation.needs_review',
] as const;

/** `new`: not tried yet. `failing`: tried, and tried again. `delivered`: accepted by the endpoint. */
export const DELIVERY_STATES = ['new', 'failing', 'delivered'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** The delivery of a notification to one endpoint. */
export class DeliverySummary {
  @RowId()
  id: number;

  @ApiProperty({ description: 'The id of the endpoint.', type: 'integer', example: 7 })
  endpoint_id: number;

  @ApiProperty({
    description: 'The `webhook-id`: the same in all attempts, and for all endpoints.',
    example: 'msg_2c1e2bd8-7f5e-4d09-9a1a-0d7f2a1f2f43',
  })
  message_id: string;

  @OneOf(NOTIFICATION_TYPES, { description: 'What has happened.', example: 'order.status_changed' })
  type: (typeof NOTIFICATION_TYPES)[number];

  @ApiProperty({
    description: 'The `data` of the body.',
    type: 'object',
    additionalProperties: true,
    example: { key: 'shop-42', order_id: 1773760001, status: 'aprovado' },
  })
  data: unknown;

  @OneOf(DELIVERY_STATES, {
    description:
      '`new`: not tried yet. `failing`: it is tried again. `delivered`: the endpoint has accepted it.',
    example: 'delivered',
  })
  state: DeliveryState;

  @ApiProperty({ description: 'The number of attempts.', type: 'integer', example: 1 })
  attempts: number;

  @ApiProperty({
    description: 'The status of the last answer; null if there was none.',
    type: 'integer',
    nullable: true,
    example: 200,
  })
  last_status: number | null;

  @ApiProperty({ description: 'Why the last attempt failed.', type: 'string', nullable: true, example: null })
  last_error: string | null;

  @Instant('When it was tried last.', { nullable: true })
  last_attempt_at: string | null;

  @Instant('When it is tried next; null if it is delivered, or waits for an earlier one of its order.', {
    nullable: true,
  })
  next_attempt_at: string | null;

  @Instant('When the endpoint accepted it.', { nullable: true })
  delivered_at: string | null;

  @Instant('When the change was made.')
  created_at: string;
}

/** The filters of the list. */
export interface DeliveryListRequest extends PageRequest {
  readonly endpoint_id?: number | undefined;
  readonly state?: DeliveryState | undefined;
  readonly type?: string | undefined;
  readonly external_key?: string | undefined;
  readonly order_id?: number | undefined;
}

type InstantName = 'last_attempt_at' | 'next_attempt_at' | 'delivered_at';
type DeliveryRow = Omit<DeliverySummary, InstantName | 'created_at'> &
  Readonly<Record<InstantName, Date | null>> & { readonly created_at: Date };

const STATE_IS: Readonly<Record<DeliveryState, string>> = {
  new: 'd.delivered_at IS NULL AND d.attempts = 0',
  failing: 'd.delivered_at IS NULL AND d.attempts > 0',
  delivered: 'd.delivered_at IS NOT NULL',
};

const COLUMNS = `d.id, d.endpoint_id, 'msg_' || n.message_id AS message_id, n.type, n.data, d.attempts, d.last_status,
  d.last_error, d.last_attempt_at, d.next_attempt_at, d.delivered_at, n.created_at,
  CASE WHEN d.delivered_at IS NOT NULL THEN 'delivered' WHEN d.attempts > 0 THEN 'failing' ELSE 'new' END AS state`;

/** Lists the deliveries for operators, and sends them again. */
@Injectable()
export class NotificationList {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Returns a page, newest first. @param shop the only shop whose endpoints are meant; undefined: all. */
  async list(request: DeliveryListRequest, shop: string | undefined): Promise<Page<DeliverySummary>> {
    const conditions = new Conditions()
      .where(shop, (value) => `d.endpoint_id IN ${endpointsOf(value)}`)
      .where(request.endpoint_id, (value) => `d.endpoint_id = ${value}`)
      .where(request.type, (value) => `n.type = ${value}`)
      .where(
        request.external_key,
        (value) => `n.installation_id = (SELECT id FROM installations WHERE external_key = ${value})`,
      )
      .where(
        request.order_id,
        (value) => `d.order_id = (SELECT id FROM orders WHERE appmax_order_id = ${value})`,
      )
      .and(request.state === undefined ? undefined : STATE_IS[request.state])
      .where(request.cursor, (value) => `d.id < ${value}`);
    const rows = await queryRows<DeliveryRow>(
      this.dataSource,
      `SELECT ${COLUMNS} FROM notification_deliveries d JOIN notifications n ON n.id = d.notification_id
       ${conditions.sql} ORDER BY d.id DESC LIMIT ${rowsToRead(request)}`,
      conditions.parameters,
    );
    return pageOf(rows, request, toSummary);
  }

  /** Returns one delivery. @param shop the only shop whose endpoints are meant; undefined: all. @throws ApiError 404 */
  async get(id: number, shop: string | undefined): Promise<DeliverySummary> {
    const conditions = new Conditions()
      .where(id, (value) => `d.id = ${value}`)
      .where(shop, (value) => `d.endpoint_id IN ${endpointsOf(value)}`);
    const [row] = await queryRows<DeliveryRow>(
      this.dataSource,
      `SELECT ${COLUMNS} FROM notification_deliveries d JOIN notifications n ON n.id = d.notification_id ${conditions.sql}`,
      conditions.parameters,
    );
    if (row === undefined) throw notificationNotFound();
    return toSummary(row);
  }

  /** Makes one delivery due again, as {@link replay}. @throws ApiError 404 */
  async replayOne(id: number, shop: string | undefined): Promise<DeliverySummary> {
    const [replayed] = await this.replay([id], shop);
    if (replayed === undefined) throw notificationNotFound();
    return replayed;
  }

  /**
   * Makes deliveries due again, whatever became of them. A receiver knows them by their `webhook-id`. They keep their
   * place among those of their order that are not delivered.
   *
   * @returns the deliveries, oldest first. @throws ApiError 404 if one is not found; then none is changed.
   */
  async replay(ids: readonly number[], shop: string | undefined): Promise<DeliverySummary[]> {
    const unique = [...new Set(ids)];
    return this.dataSource.transaction(async (manager) => {
      // As all statements on deliveries, it locks the endpoints first.
      await queryRows(
        manager,
        `SELECT id FROM notification_endpoints WHERE deleted_at IS NULL AND id IN (
           SELECT endpoint_id FROM notification_deliveries WHERE id = ANY($1::bigint[])) ORDER BY id FOR NO KEY UPDATE`,
        [unique],
      );
      const changed = await queryRows(
        manager,
        `UPDATE notification_deliveries d SET delivered_at = NULL, attempts = 0, next_attempt_at = clock_timestamp()
         FROM notification_endpoints e LEFT JOIN installations i ON i.id = e.installation_id
         WHERE d.id = ANY($1::bigint[]) AND e.id = d.endpoint_id AND e.deleted_at IS NULL
           AND ($2::text IS NULL OR i.external_key = $2::text) RETURNING d.id`,
        [unique, shop ?? null],
      );
      if (changed.length !== unique.length) throw notificationNotFound();
      const rows = await queryRows<DeliveryRow>(
        manager,
        `SELECT ${COLUMNS} FROM notification_deliveries d JOIN notifications n ON n.id = d.notification_id
         WHERE d.id = ANY($1::bigint[]) ORDER BY d.id`,
        [unique],
      );
      return rows.map(toSummary);
    });
  }
}

/** SQL: the endpoints of a shop. */
const endpointsOf = (parameter: string): string => `(SELECT e.id FROM notification_endpoints e
  JOIN installations i ON i.id = e.installation_id WHERE i.external_key = ${parameter})`;

function toSummary(row: DeliveryRow): DeliverySummary {
  return {
    ...row,
    last_attempt_at: isoTime(row.last_attempt_at),
    next_attempt_at: isoTime(row.next_attempt_at),
    delivered_at: isoTime(row.delivered_at),
    created_at: row.created_at.toISOString(),
  };
}

/** Parses the id of a row from a path. @throws ApiError 400 */
export function parseNotificationId(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw invalidNotificationId();
  return Number(text);
}
