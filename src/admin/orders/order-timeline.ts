import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Instant } from '../../common/openapi/fields';
import { DeliverySummary, NotificationList } from '../../notifications';
import { OrderDetail, OrderHistory, OrderList, type StatusChange, SyncState } from '../../orders';
import { OperationList, OperationSummary } from '../../payments';
import { ConcludedEvent, EventList } from '../../webhooks';

/** The longest history of one kind. Anyone can send webhooks for an order. */
const MAXIMUM_ENTRIES = 200;

const TYPES = [
  'status_changed',
  'operation_prepared',
  'operation_sent',
  'operation_settled',
  'webhook_received',
  'webhook_processed',
  'notification_written',
  'notification_failed',
  'notification_delivered',
] as const;

/** One thing that happened to an order. The field that belongs to its type is set, the others are null. */
export class TimelineEntry {
  @Instant('When it happened.')
  at: string;

  @ApiProperty({ description: 'What happened.', enum: TYPES, example: 'status_changed' })
  type: (typeof TYPES)[number];

  @ApiProperty({
    description: 'The new status, for `status_changed`.',
    type: 'string',
    nullable: true,
    example: 'aprovado',
  })
  status: string | null;

  @ApiProperty({
    description: 'The id of the operation in `operations`, for `operation_…`.',
    type: 'integer',
    nullable: true,
    example: null,
  })
  operation_id: number | null;

  @ApiProperty({
    description: 'The id of the event in `events`, for `webhook_…`.',
    type: 'integer',
    nullable: true,
    example: null,
  })
  event_id: number | null;

  @ApiProperty({
    description: 'The id of the delivery in `notifications`, for `notification_…`.',
    type: 'integer',
    nullable: true,
    example: null,
  })
  notification_id: number | null;

  @ApiProperty({
    description: 'The id of the request that caused it, if it is known.',
    type: 'string',
    nullable: true,
    example: null,
  })
  request_id: string | null;
}

/** An order with everything that happened to it. */
export class OrderTimeline {
  @ApiProperty({ type: OrderDetail, description: 'The order.' })
  order: OrderDetail;

  @ApiProperty({ type: TimelineEntry, isArray: true, description: 'What happened, oldest first.' })
  entries: TimelineEntry[];

  @ApiProperty({
    type: OperationSummary,
    isArray: true,
    description: 'Its payments and refunds, oldest first.',
  })
  operations: OperationSummary[];

  @ApiProperty({
    type: ConcludedEvent,
    isArray: true,
    description: 'Its webhook events, newest first; at most 200.',
  })
  events: ConcludedEvent[];

  @ApiProperty({
    type: DeliverySummary,
    isArray: true,
    description: 'What was sent of it to the backend of the shop, newest first; at most 200.',
  })
  notifications: DeliverySummary[];

  @ApiProperty({ type: SyncState, required: false, description: 'The state of its syncs, if it is known.' })
  sync?: SyncState;

  @ApiProperty({
    description: 'True if there are older status changes, webhook events or notifications than those listed.',
    type: 'boolean',
    example: false,
  })
  is_truncated: boolean;
}

const entry = (
  at: string | null,
  type: TimelineEntry['type'],
  fields: Partial<TimelineEntry>,
): TimelineEntry[] =>
  at === null
    ? []
    : [
        {
          at,
          type,
          status: null,
          operation_id: null,
          event_id: null,
          notification_id: null,
          request_id: null,
          ...fields,
        },
      ];

/** Merges the histories of an order into one list, oldest first. */
export function mergeEntries(
  changes: readonly StatusChange[],
  operations: readonly OperationSummary[],
  events: readonly ConcludedEvent[],
  notifications: readonly DeliverySummary[],
): TimelineEntry[] {
  const entries = [
    ...changes.flatMap(({ status, changedAt }) =>
      entry(changedAt.toISOString(), 'status_changed', { status }),
    ),
    ...operations.flatMap(({ id, prepared_at: prepared, sent_at: sent, settled_at: settled, request_id }) => {
      const own = { operation_id: id, request_id };
      return [
        ...entry(prepared, 'operation_prepared', own),
        ...entry(sent, 'operation_sent', own),
        ...entry(settled, 'operation_settled', own),
      ];
    }),
    ...events.flatMap(({ id, created_at: received, processed_at: processed }) => [
      ...entry(received, 'webhook_received', { event_id: id }),
      ...entry(processed, 'webhook_processed', { event_id: id }),
    ]),
    ...notifications.flatMap(({ id, created_at: written, state, last_attempt_at, delivered_at }) => [
      ...entry(written, 'notification_written', { notification_id: id }),
      ...entry(state === 'failing' ? last_attempt_at : null, 'notification_failed', { notification_id: id }),
      ...entry(delivered_at, 'notification_delivered', { notification_id: id }),
    ]),
  ];
  const stepOf = (type: TimelineEntry['type']): number => TYPES.indexOf(type);
  return entries.sort((a, b) => a.at.localeCompare(b.at) || stepOf(a.type) - stepOf(b.type));
}

/** Reads the timeline of an order. */
@Injectable()
export class OrderTimelines {
  constructor(
    private readonly orders: OrderList,
    private readonly history: OrderHistory,
    private readonly operations: OperationList,
    private readonly events: EventList,
    private readonly notifications: NotificationList,
  ) {}

  /**
   * @param orderId the text of the path.
   * @param shop the only shop whose orders are found; undefined: all.
   * @throws ApiError 400 `invalid order_id`, 404 `order not found`.
   */
  async read(orderId: string, shop?: string): Promise<OrderTimeline> {
    const order = await this.orders.detail(orderId, shop);
    const [changes, operations, events, notifications, sync] = await Promise.all([
      this.history.statusChanges(order.order_id, MAXIMUM_ENTRIES + 1),
      this.operations.ofOrder(order.id),
      this.events.ofOrder(order.order_id, MAXIMUM_ENTRIES + 1),
      this.notifications.list({ order_id: order.order_id, limit: MAXIMUM_ENTRIES }, shop),
      this.history.syncState(order.order_id),
    ]);
    const shown = events.slice(0, MAXIMUM_ENTRIES);
    return {
      order,
      entries: mergeEntries(changes.slice(0, MAXIMUM_ENTRIES), operations, shown, notifications.data),
      operations,
      events: shown,
      notifications: notifications.data,
      is_truncated:
        Math.max(changes.length, events.length) > MAXIMUM_ENTRIES || notifications.next_cursor !== null,
      ...(sync === undefined ? {} : { sync }),
    };
  }
}
