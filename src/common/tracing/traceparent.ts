import { isSpanContextValid, type Link, type SpanContext } from '@opentelemetry/api';

/** W3C trace context: version, trace id, span id, flags. The last bit of the flags says "sampled". */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Returns a span as a `traceparent`; undefined for none. */
export function traceparentOf(span: SpanContext | undefined): string | undefined {
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-0${span.traceFlags & 1}`;
}

/** Reads a `traceparent` that was received or stored. @returns undefined for none, and for an invalid one. */
export function contextOf(traceparent: string | null | undefined): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  const span = { traceId, spanId, traceFlags: parseInt(flags, 16) & 1, isRemote: true };
  return isSpanContextValid(span) ? span : undefined;
}

/** Returns one link to each of some spans, without those to `except`. */
export function linksTo(
  traceparents: readonly (string | null | undefined)[],
  except?: string | null,
): Link[] {
  const others = new Set(traceparents.filter((each) => each !== except));
  return [...others].flatMap((each) => {
    const span = contextOf(each);
    return span === undefined ? [] : [{ context: span }];
  });
}
