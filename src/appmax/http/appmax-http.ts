import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, request } from 'undici';
import { currentRequestId } from '../../common/http/request-context';
import { isRecord } from '../../common/is-record';
import { CONFIG, type Config } from '../../config';
import { AppmaxFailure } from '../failures/appmax-failure';
import { isDecline } from '../failures/declines';
import { normaliseStatus } from '../order-status';
import type { SendFence } from '../send-fence';
import { isTokenRefusal } from '../tokens/token-refusals';
import { CallDurations } from './call-durations';
import { Circuits } from './circuit';
import { taggingConnector } from './connect-phase';
import { errorText, retryAfterOfBody } from './error-text';
import { redirectTarget, type ResponseHeaders, retryAfterOfHeaders } from './response-headers';
import { isNothingSent, WriteGate } from './write-gate';

/** The size limit of an answer; a Pix image has about 10 KiB. */
const MAXIMUM_ANSWER_BYTES = 4 * 1024 * 1024;

/** The number of redirects that a call without a fence follows. */
const MOST_REDIRECTS = 3;

/**
 * The longest time from an operation's fence to its first byte. The call's time limit counts from the fence's mark, so
 * a process that was paused in between must not send the request.
 */
export const LONGEST_FENCE_TO_WRITE_MILLISECONDS = 2_000;

/** One HTTP call. `operation` is its name in errors and metrics; `seconds` is its time limit, from its fence on. */
export interface AppmaxCall {
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly seconds: number;
  readonly token?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as a form instead of `body`. */
  readonly form?: Readonly<Record<string, string>>;
  /** True if the call charges a card: then some error answers mean that the card was declined. */
  readonly isDeclinable?: boolean | undefined;
  /** True if a 2xx status is a success with any body, also an incomplete one. */
  readonly acceptsAnyBody?: boolean | undefined;
  /** The circuit breaker that the call uses. Default: `calls`. */
  readonly circuit?: CircuitName;
  /** Passed right before the request is written. Its errors are thrown unchanged. */
  readonly fence?: SendFence | undefined;
}

/** A group of calls with its own circuit breakers. `proofs` are token requests that anonymous callers can cause. */
export type CircuitName = 'calls' | 'tokens' | 'proofs';

/** The HTTP client for Appmax: keeps connections alive, enforces time limits, and classifies failures. */
@Injectable()
export class AppmaxHttp implements OnApplicationShutdown {
  private readonly agent: Agent;
  private readonly circuits: Readonly<Record<CircuitName, Circuits>> = {
    calls: new Circuits(),
    tokens: new Circuits('seldom'),
    proofs: new Circuits('seldom'),
  };

  constructor(
    @Inject(CONFIG) { appmax }: Config,
    private readonly durations: CallDurations,
  ) {
    this.agent = new Agent({
      connections: 128,
      keepAliveTimeout: 10_000,
      maxResponseSize: MAXIMUM_ANSWER_BYTES,
      connect: taggingConnector(appmax.connectTimeoutSeconds),
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /**
   * Makes a call once, unless its circuit is open.
   *
   * @returns the JSON body of a successful answer.
   * @throws AppmaxFailure for any other outcome; the fence's own errors.
   */
  send(call: AppmaxCall): Promise<unknown> {
    const { operation, url, circuit = 'calls' } = call;
    return this.durations.during(operation, () =>
      this.circuits[circuit].call(url, operation, () => this.sendFenced(call)),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    for (const circuits of Object.values(this.circuits)) circuits.shutdown();
    await this.agent.close();
  }

  private async sendFenced(call: AppmaxCall): Promise<unknown> {
    const { fence } = call;
    if (fence === undefined) return this.sendNow(call, new WriteGate());
    // Made before the fence, so that a pause while the fence passes counts, too.
    const gate = new WriteGate(LONGEST_FENCE_TO_WRITE_MILLISECONDS);
    await fence.pass();
    try {
      return await this.sendNow(call, gate);
    } catch (error) {
      if (error instanceof AppmaxFailure && isProvenWithoutEffect(error)) await fence.withdraw();
      throw error;
    }
  }

  /** Sends a request, and follows redirects of a call without a fence: a fenced call is written once. */
  private async sendNow(call: AppmaxCall, gate: WriteGate, redirects = MOST_REDIRECTS): Promise<unknown> {
    const { status, headers, text } = await this.exchange(call, gate);
    const url =
      call.fence === undefined && redirects > 0 ? redirectTarget(call, { status, headers }) : undefined;
    if (url !== undefined) {
      const seconds = call.seconds - gate.elapsedMilliseconds / 1000;
      return this.sendNow({ ...call, url, seconds }, new WriteGate(), redirects - 1);
    }
    const body = parseJson(text);
    if (isSuccess(status)) {
      if (saysFailure(body)) throw failureOf(call, { status: 400, body });
      if (body === undefined && call.acceptsAnyBody !== true)
        throw new AppmaxFailure('unknown', call.operation, { status });
      return body;
    }
    throw failureOf(call, {
      status,
      body,
      retryAfterSeconds: retryAfterOfHeaders(headers, new Date()) ?? retryAfterOfBody(body),
    });
  }

  private async exchange(
    call: AppmaxCall,
    gate: WriteGate,
  ): Promise<{ status: number; headers: ResponseHeaders; text: string }> {
    try {
      const answer = await gate.guard(
        request(call.url, {
          method: call.method,
          dispatcher: this.agent.compose(gate.interceptor),
          headers: headersOf(call),
          body: bodyOf(call),
          signal: AbortSignal.timeout(Math.max(1, Math.ceil(call.seconds * 1000 - gate.elapsedMilliseconds))),
        }),
      );
      const { statusCode: status, headers, body } = answer;
      const isAccepted = call.acceptsAnyBody === true && isSuccess(status);
      const text = await body.text().catch((error: unknown) => {
        if (isAccepted) return '';
        throw error;
      });
      return { status, headers, text };
    } catch (cause) {
      const kind = isNothingSent({ error: cause, written: gate.written }) ? 'unavailable' : 'unknown';
      throw new AppmaxFailure(kind, call.operation, { cause });
    }
  }
}

/**
 * Returns true if a failure proves that Appmax did not carry the request out: it was never sent, or Appmax rejected it
 * because of its rate limit (429) or the token.
 */
export function isProvenWithoutEffect({
  kind,
  status,
  text,
}: Pick<AppmaxFailure, 'kind' | 'status' | 'text'>): boolean {
  if (kind === 'unavailable' || status === 429) return true;
  return kind === 'unauthorized' && status === 401 && isTokenRefusal(text);
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

function headersOf(call: AppmaxCall): Record<string, string> {
  const requestId = currentRequestId();
  return {
    accept: 'application/json',
    ...(call.form !== undefined ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    ...(call.body !== undefined ? { 'content-type': 'application/json' } : {}),
    ...(call.token !== undefined ? { authorization: `Bearer ${call.token}` } : {}),
    ...(requestId !== undefined ? { 'x-request-id': requestId } : {}),
  };
}

function bodyOf({ form, body }: AppmaxCall): string | null {
  if (form !== undefined) return new URLSearchParams(form).toString();
  return body === undefined ? null : JSON.stringify(body);
}

/** Turns an error answer into a failure. */
function failureOf(
  { operation, isDeclinable }: AppmaxCall,
  answer: { status: number; body: unknown; retryAfterSeconds?: number | undefined },
): AppmaxFailure {
  const { status, body, retryAfterSeconds } = answer;
  const text = errorText(body);
  const kind = isDeclinable === true && isDecline({ status, text }) ? 'declined' : kindOf(status);
  return new AppmaxFailure(kind, operation, {
    status,
    text,
    retryAfterSeconds,
    ...(kind === 'declined' ? { orderStatus: orderStatusIn(body) } : {}),
  });
}

/** Reads the order's status from an error body. */
function orderStatusIn(body: unknown): string | undefined {
  if (!isRecord(body) || !isRecord(body['data'])) return undefined;
  const { order, payment } = body['data'];
  const candidates = [order, payment].filter(isRecord).map((part) => part['status']);
  const status = candidates.find((value) => typeof value === 'string' && value.trim() !== '');
  return typeof status === 'string' ? normaliseStatus(status) : undefined;
}

function kindOf(status: number): AppmaxFailure['kind'] {
  if (status === 402) return 'declined';
  if (status === 429) return 'rate_limited';
  if (status === 401 || status === 403) return 'unauthorized';
  return status >= 400 && status < 500 ? 'refused' : 'unknown';
}

/**
 * Returns true for a refusal that Appmax sent with HTTP 200: `{"success": false, "data": {"message"}}`. In successes,
 * `success` is true, null, missing, or a text such as the status of a Pix (`ATIVA`).
 */
function saysFailure(body: unknown): boolean {
  const success = isRecord(body) ? body['success'] : undefined;
  return (
    success === false || success === 0 || (typeof success === 'string' && /^(false|0)$/i.test(success.trim()))
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
