import type { TracedWork } from '../../common/tracing/spans';
import type { LeasedEvent } from './event-queue';

/** An event that is older was delayed or is replayed: its webhook's trace is over, and gets a link only. */
const FRESH_MILLISECONDS = 60_000;

/**
 * Returns the span of work on events. The first attempt for an event continues the trace of its webhook; that for several
 * webhooks continues the trace of one order's, or begins one of its own. It has links to all others.
 */
export function workOf(name: string, events: readonly LeasedEvent[]): TracedWork {
  const traceparents = [...new Set(events.map(({ traceparent }) => traceparent))];
  const orderIds = [...new Set(events.map(({ orderId }) => orderId))];
  const isFresh = events.every(
    ({ attempts, createdAt }) => attempts === 1 && Date.now() - createdAt.getTime() < FRESH_MILLISECONDS,
  );
  const [continues] = isFresh && orderIds.length === 1 ? traceparents : [];
  const attributes = {
    'messaging.batch.message_count': events.length,
    ...(orderIds.length === 1 ? { 'appmax_checkout.order_id': orderIds[0] ?? 0 } : {}),
  };
  return { name, attributes, continues, links: traceparents };
}
