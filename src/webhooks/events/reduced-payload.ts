import { isRecord } from '../../common/is-record';
import { statusOf } from './event-catalogue';

/** The columns of an event that its reduced payload is made of. */
export interface EventColumns {
  readonly event: string;
  readonly event_type: string;
  readonly appmax_order_id: number | null;
}

/** A payload without personal data. It is still a webhook that the service could have received. */
export type ReducedPayload = Readonly<Record<string, unknown>>;

/** A merchant's key: any text that fits into its column. Anyone can send a webhook, so a key with a CPF or an `@` is none. */
const KEY = /^(?!.*(?<![\w-])\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?![\w-]))[^@]{1,255}$/s;
const STATUS = /^[\p{L}_ -]{1,64}$/u;

/**
 * Reduces the payload of an event to what the service needs: its name and category, the order's id and asserted status,
 * and the merchant's keys, by which the order is found if it is not ours yet. The names are those of the columns, without
 * the text that may follow a bar. A reduced payload is returned unchanged.
 */
export function reducePayload(payload: unknown, columns: EventColumns): ReducedPayload {
  const body = isRecord(payload) ? payload : {};
  const data = isRecord(body['data']) ? body['data'] : {};
  const { event, event_type: eventType, appmax_order_id: orderId } = columns;
  const status = statusOf(event) === undefined ? undefined : matching(STATUS, data['status']);
  return {
    event,
    ...(eventType === '' ? {} : { event_type: eventType }),
    ...defined('external_key', matching(KEY, body['external_key'])),
    ...defined('client_key', matching(KEY, body['client_key'])),
    ...(orderId === null ? {} : { data: { order_id: orderId, ...defined('status', status) } }),
    reduced: true,
  };
}

/** Returns true if a payload has nothing that {@link reducePayload} would remove. */
export function isReduced(payload: unknown, columns: EventColumns): boolean {
  return JSON.stringify(payload) === JSON.stringify(reducePayload(payload, columns));
}

function matching(form: RegExp, value: unknown): string | undefined {
  return typeof value === 'string' && form.test(value) ? value : undefined;
}

function defined(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}
