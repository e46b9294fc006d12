import {
  type Attributes,
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { contextOf, linksTo, traceparentOf } from './traceparent';

/** True while spans are sent somewhere. Without it, no function of this file makes a span or a context. */
let isOn = false;

/** Turns all functions of this file on or off. The SDK of OpenTelemetry is registered before they are turned on. */
export function setTracing(value: boolean): void {
  isOn = value;
}

export function isTracing(): boolean {
  return isOn;
}

/** Binds a callback to the current trace, for events that Node emits outside of it, such as those of a request's body. */
export function inCurrentTrace<Arguments extends unknown[]>(
  callback: (...args: Arguments) => void,
): (...args: Arguments) => void {
  return isOn ? context.bind(context.active(), callback) : callback;
}

/** A call to another program: its span gets the attributes, which never contain personal data or secrets. */
export interface TracedCall {
  readonly name: string;
  readonly attributes: Attributes;
}

/**
 * Makes a call in a span of its own, if the caller is in a trace. Background polls are in none, so that they cause no
 * spans.
 *
 * @param call gets the span, to add attributes of the answer.
 * @throws the call's own errors. Only their type is recorded: a message may repeat what was sent.
 */
export function inCallSpan<Value>(
  { name, attributes }: TracedCall,
  call: (span?: Span) => Promise<Value>,
): Promise<Value> {
  if (!isOn || trace.getSpan(context.active()) === undefined) return call();
  return during(startSpan(name, { kind: SpanKind.CLIENT, attributes }, context.active()), call);
}

/** A piece of background work, and the requests or webhooks that caused it, by their `traceparent`. */
export interface TracedWork {
  readonly name: string;
  readonly attributes?: Attributes;
  /** The trace that the work continues. Without it, the work is in the current trace or begins one. */
  readonly continues?: string | null | undefined;
  /** Further causes. The span has links to them. */
  readonly links?: readonly (string | null | undefined)[];
}

/** Does a piece of background work in a span of its own. @throws the work's own errors, as {@link inCallSpan}. */
export function inWorkSpan<Value>(
  { name, attributes = {}, continues, links = [] }: TracedWork,
  work: () => Promise<Value>,
): Promise<Value> {
  if (!isOn) return work();
  const current = context.active();
  const origin = contextOf(continues);
  const isOfCurrent = origin?.traceId === trace.getSpanContext(current)?.traceId;
  const parent = origin === undefined || isOfCurrent ? current : trace.setSpanContext(ROOT_CONTEXT, origin);
  // The set that the work belongs to is a cause, too.
  const causes = parent === current ? links : [...links, traceparentOf(trace.getSpanContext(current))];
  const options = { kind: SpanKind.CONSUMER, attributes, links: linksTo(causes, continues) };
  return during(startSpan(name, options, parent), work);
}

function startSpan(
  name: string,
  options: Parameters<ReturnType<typeof trace.getTracer>['startSpan']>[1],
  parent: Context,
): Span {
  return trace.getTracer('appmax-checkout').startSpan(name, options, parent);
}

async function during<Value>(span: Span, work: (span: Span) => Promise<Value>): Promise<Value> {
  try {
    return await context.with(trace.setSpan(context.active(), span), () => work(span));
  } catch (error) {
    span.setAttribute('error.type', errorTypeOf(error));
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/** Returns the code of an error (a SQLSTATE, a code of Node), or the name of its class. */
function errorTypeOf(error: unknown): string {
  const { code, constructor } = (error ?? {}) as { code?: unknown; constructor?: { name?: string } };
  return typeof code === 'string' && /^\w{1,40}$/.test(code) ? code : (constructor?.name ?? 'unknown');
}

/** Returns the current span as a W3C `traceparent`, to store or to send it; null outside of a trace. */
export function currentTraceparent(): string | null {
  return isOn ? (traceparentOf(trace.getSpanContext(context.active())) ?? null) : null;
}

/** Returns the id of the current trace, for log lines; undefined outside of a trace. */
export function currentTraceId(): string | undefined {
  return isOn ? trace.getSpanContext(context.active())?.traceId : undefined;
}

/** Returns the header that continues the current trace in another program; none outside of a trace. */
export function traceHeaders(): { readonly traceparent?: string } {
  const traceparent = currentTraceparent();
  return traceparent === null ? {} : { traceparent };
}

/**
 * Starts the span of a request.
 *
 * @param traceparent the header of the request: the span is in its trace, if it is valid.
 */
export function startRequestSpan(name: string, traceparent: unknown): { span: Span; context: Context } {
  const origin = typeof traceparent === 'string' ? contextOf(traceparent) : undefined;
  const parent = origin === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, origin);
  const span = startSpan(name, { kind: SpanKind.SERVER }, parent);
  return { span, context: trace.setSpan(ROOT_CONTEXT, span) };
}
