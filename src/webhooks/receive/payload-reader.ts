import { invalidBody } from '../../common/errors/api-error';
import { isRecord } from '../../common/is-record';
import { INT32_MAX } from '../../common/validation/validators';
import { hasNoOrder } from '../events/event-catalogue';

/** The lengths of the columns. */
const EVENT_LENGTH = 64;
const EVENT_TYPE_LENGTH = 32;

/** The fields of a webhook that the service reads. */
export interface ReceivedEvent {
  readonly event: string;
  readonly eventType: string;
  readonly appmaxOrderId: number | null;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a webhook in any of Appmax's content models.
 *
 * @throws ApiError 400 if it is not an object or has no `event`. All other content is accepted.
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

/** Returns the name of an event: the text before the bar in `PaymentNotAuthorized | Reason: …`. */
function nameOf(event: unknown): string {
  return (printable(event).split(' | ')[0] ?? '').trim().slice(0, EVENT_LENGTH);
}

/** Reads `data.order_id`, or `data.order.id`, or `data.id` (only beside a `customer_id`, in events with an order). */
function orderIdOf(data: Fields, event: string): number | null {
  const { order_id: orderId, order, id, customer_id: customerId } = data;
  if (isPresent(orderId)) return toOrderId(orderId);
  if (isRecord(order) && isPresent(order['id'])) return toOrderId(order['id']);
  return isPresent(customerId) && !hasNoOrder(event) ? toOrderId(id) : null;
}

/** Parses a positive 32-bit integer, from a number or digits; returns null for anything else. */
function toOrderId(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= INT32_MAX
    ? number
    : null;
}

/** Removes NUL characters, which PostgreSQL does not accept in texts. */
function printable(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll('\0', '') : '';
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}
