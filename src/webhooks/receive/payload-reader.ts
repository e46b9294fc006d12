import { isRecord } from '../../common/is-record';
import { invalidBody } from '../../common/errors/api-error';
import { INT32_MAX } from '../../common/validation/validators';
import { hasNoOrder } from '../events/event-catalogue';

/** The widths of the columns. */
const EVENT_LENGTH = 64;
const EVENT_TYPE_LENGTH = 32;

/** What of a webhook is looked at; the payload keeps the rest. */
export interface ReceivedEvent {
  readonly event: string;
  readonly eventType: string;
  readonly appmaxOrderId: number | null;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a webhook in any of Appmax's content models.
 *
 * @throws ApiError 400 when it is no object or has no `event`; everything else is taken as it is.
 */
export function readPayload(body: unknown): ReceivedEvent {
  if (!isRecord(body)) throw invalidBody();
  const event = nameOf(body['event']);
  if (event === '')
    throw invalidBody([{ field: 'event', message: 'event must be a string that is not empty' }]);
  return {
    event,
    eventType: printable(body['event_type']).slice(0, EVENT_TYPE_LENGTH),
    appmaxOrderId: isRecord(body['data']) ? orderIdOf(body['data'], event) : null,
  };
}

/** `PaymentNotAuthorized | Reason: …`: the name ends at the bar. */
function nameOf(event: unknown): string {
  return (printable(event).split(' | ')[0] ?? '').trim().slice(0, EVENT_LENGTH);
}

/** `data.order_id`, then `data.order.id`; `data.id` is an order's only beside a customer's, and only where there is an order. */
function orderIdOf(data: Fields, event: string): number | null {
  const { order_id: orderId, order, id, customer_id: customerId } = data;
  if (isPresent(orderId)) return toOrderId(orderId);
  if (isRecord(order) && isPresent(order['id'])) return toOrderId(order['id']);
  return isPresent(customerId) && !hasNoOrder(event) ? toOrderId(id) : null;
}

/** A positive 32-bit integer, as a number or as digits; null for anything else. */
function toOrderId(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= INT32_MAX
    ? number
    : null;
}

/** PostgreSQL takes no NUL in a text. */
function printable(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll('\0', '') : '';
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}
