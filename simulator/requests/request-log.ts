import { RingBuffer } from '../common/ring-buffer';
import { redact } from './redact';

const KEPT_REQUESTS = 1000;

/** A call that came in. */
export interface LoggedRequest {
  readonly id: number;
  /** UTC, real time. */
  readonly at: string;
  readonly method: string;
  /** The route's pattern, `GET /v1/orders/:id`. */
  readonly route: string;
  readonly path: string;
  /** The caller's own id of what led to the call. */
  readonly request_id: string | null;
  /** Null until the answer is complete. */
  status: number | null;
  duration_ms: number | null;
  /** What a call that took effect late would have been answered; null until it has. */
  late_status: number | null;
  /** The merchant whose token it came with. */
  external_key: string | null;
  /** The fault that was done to it. */
  fault: string | null;
  /** Without card numbers, verification codes and secrets. */
  body: unknown;
}

/** The latest calls of the simulated API, and how many came in all, by route. */
export class RequestLog {
  private readonly requests = new RingBuffer<LoggedRequest>(KEPT_REQUESTS);
  private counts = new Map<string, number>();

  begin(call: {
    method: string;
    route: string;
    path: string;
    requestId?: string | undefined;
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

  /** Keeps what may be kept of a call's body. */
  noteBody(entry: LoggedRequest, body: unknown): void {
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
