import { RingBuffer } from '../common/ring-buffer';
import { redact } from './redact';

const KEPT_REQUESTS = 1000;

/** A received call. */
export interface LoggedRequest {
  readonly id: number;
  /** UTC, real time. */
  readonly at: string;
  readonly method: string;
  /** The route's pattern, `GET /v1/orders/:id`. */
  readonly route: string;
  readonly path: string;
  /** The caller's own request id (`X-Request-Id`). */
  readonly request_id: string | null;
  /** The caller's trace (`traceparent`). */
  readonly traceparent: string | null;
  /** Null until the response is complete. */
  status: number | null;
  duration_ms: number | null;
  /** The status that a call with a late effect would have received; null until the effect has happened. */
  late_status: number | null;
  /** The merchant of the call's token. */
  external_key: string | null;
  /** The fault that was applied to it. */
  fault: string | null;
  /** Without card numbers, verification codes and secrets. */
  body: unknown;
}

/** The latest calls of the simulated API, and the number of all calls by route. */
export class RequestLog {
  private readonly requests = new RingBuffer<LoggedRequest>(KEPT_REQUESTS);
  private counts = new Map<string, number>();

  begin(call: {
    method: string;
    route: string;
    path: string;
    requestId?: string | undefined;
    traceparent?: string | undefined;
  }): LoggedRequest {
    const route = `${call.method} ${call.route}`;
    this.counts.set(route, (this.counts.get(route) ?? 0) + 1);
    const entry: LoggedRequest = {
      id: this.requests.total + 1,
      at: new Date().toISOString(),
      method: call.method,
      route,
      path: call.path,
      request_id: call.requestId ?? null,
      traceparent: call.traceparent ?? null,
      status: null,
      duration_ms: null,
      late_status: null,
      external_key: null,
      fault: null,
      body: null,
    };
    this.requests.push(entry);
    return entry;
  }

  /** Records a call's body without secrets. */
  recordBody(entry: LoggedRequest, body: unknown): void {
    entry.body = redact(body ?? null);
  }

  newest(limit: number): LoggedRequest[] {
    return this.requests.newestFirst(limit);
  }

  get total(): number {
    return this.requests.total;
  }

  /** Calls per route since the last `clear`. */
  byRoute(): Record<string, number> {
    return Object.fromEntries([...this.counts].sort(([left], [right]) => left.localeCompare(right)));
  }

  clear(): void {
    this.requests.clear();
    this.counts = new Map();
  }
}
