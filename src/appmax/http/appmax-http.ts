import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, request } from 'undici';
import { currentRequestId } from '../../common/http/request-context';
import { isRecord } from '../../common/is-record';
import { inCallSpan, type TracedCall, traceHeaders } from '../../common/tracing/spans';
import { CONFIG, type Config } from '../../config';
import { AppmaxFailure } from '../failures/appmax-failure';
import { ownLimitFailure } from '../limiter/merchant-limiter';
import type { Priority } from '../limiter/priority';
import type { SendFence } from '../send-fence';
import { isTokenRefusal } from '../tokens/token-refusals';
import { CallDurations } from './call-durations';
import { Circuits, type OpenCircuits } from './circuit';
import { taggingConnector } from './connect-phase';
import { hadFairTime, longestBeforeWrite } from './deadline';
import { failureOf } from './errors/error-answer';
import { retryAfterOfBody } from './errors/error-text';
import { redirectTarget, type ResponseHeaders, retryAfterOfHeaders } from './response-headers';
import { isNothingSent, WriteGate, WriteRefusedError } from './write-gate';

/** The size limit of an answer; a Pix image has about 10 KiB. */
const MAXIMUM_ANSWER_BYTES = 4 * 1024 * 1024;

/** The number of redirects that a call without a fence follows. */
const MOST_REDIRECTS = 3;

/**
 * The longest time from an operation's fence to its first byte. The call's time limit counts from the fence's mark, so
 * a process that was paused in between must not send the request.
 */
export const LONGEST_FENCE_TO_WRITE_MILLISECONDS = 2_000;

/** The number of connections to one host: for payments, and for all other calls. */
const CONNECTIONS = { payment: 512, other: 512 } as const;

/** One HTTP call. `operation` is its name in errors and metrics; `seconds` is its time limit, from its fence on. */
export interface AppmaxCall {
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly seconds: number;
  /** The time limit of the call's first attempt. A later attempt with less than half of it proves no outage. */
  readonly wholeSeconds?: number | undefined;
  /** The merchant's client id: the shop's own circuit breaker counts the call, too. */
  readonly shop?: string | undefined;
  /** Payments have connections of their own. Default: `shopper`. */
  readonly priority?: Priority | undefined;
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
  private readonly agents: Readonly<Record<keyof typeof CONNECTIONS, Agent>>;
  private readonly circuits: Readonly<Record<CircuitName, Circuits>> = {
    calls: new Circuits(),
    tokens: new Circuits('seldom'),
    proofs: new Circuits('seldom'),
  };

  constructor(
    @Inject(CONFIG) { appmax }: Config,
    private readonly durations: CallDurations,
  ) {
    const agent = (connections: number): Agent =>
      new Agent({
        connections,
        keepAliveTimeout: 10_000,
        maxResponseSize: MAXIMUM_ANSWER_BYTES,
        connect: taggingConnector(appmax.connectTimeoutSeconds),
        headersTimeout: 0,
        bodyTimeout: 0,
      });
    this.agents = { payment: agent(CONNECTIONS.payment), other: agent(CONNECTIONS.other) };
  }

  /**
   * Makes a call once, unless its circuit is open.
   *
   * @returns the JSON body of a successful answer.
   * @throws AppmaxFailure for any other outcome; the fence's own errors.
   */
  send(call: AppmaxCall): Promise<unknown> {
    const { operation, circuit = 'calls' } = call;
    return this.durations.during(operation, () =>
      this.circuits[circuit].call(call, () => this.sendFenced(call)),
    );
  }

  /** Counts the open circuits of this instance, without those for token requests of anonymous callers. */
  openCircuits(): OpenCircuits {
    const { calls, tokens } = this.circuits;
    return {
      hosts: calls.open.hosts + tokens.open.hosts,
      shops: calls.open.shops + tokens.open.shops,
    };
  }

  async onApplicationShutdown(): Promise<void> {
    for (const circuits of Object.values(this.circuits)) circuits.shutdown();
    await Promise.all(Object.values(this.agents).map((agent) => agent.close()));
  }

  private async sendFenced(call: AppmaxCall): Promise<unknown> {
    const { fence } = call;
    if (fence === undefined) return this.sendNow(call, new WriteGate(longestBeforeWrite(call.seconds)));
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
    const { status, headers, text } = await inCallSpan(spanOf(call), async (span) => {
      const answer = await this.exchange(call, gate);
      span?.setAttribute('http.response.status_code', answer.status);
      return answer;
    });
    const url =
      call.fence === undefined && redirects > 0 ? redirectTarget(call, { status, headers }) : undefined;
    if (url !== undefined) {
      const seconds = call.seconds - gate.elapsedMilliseconds / 1000;
      const next = { wholeSeconds: call.seconds, ...call, url, seconds };
      return this.sendNow(next, new WriteGate(longestBeforeWrite(seconds)), redirects - 1);
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
    const milliseconds = Math.max(1, Math.ceil(call.seconds * 1000 - gate.elapsedMilliseconds));
    const signal = AbortSignal.timeout(milliseconds);
    const agent = this.agents[call.priority === 'payment' ? 'payment' : 'other'];
    try {
      const answer = await gate.guard(
        request(call.url, {
          method: call.method,
          dispatcher: agent.compose(gate.interceptor),
          headers: headersOf(call),
          body: bodyOf(call),
          signal,
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
      throw failureWithoutAnswer(call, { cause, gate, isTimeout: signal.aborted });
    }
  }
}

/** Classifies a call that got no answer. A call that was not written because of our own waiting is no outage. */
function failureWithoutAnswer(
  { operation, seconds, wholeSeconds = seconds, fence }: AppmaxCall,
  { cause, gate, isTimeout }: { cause: unknown; gate: WriteGate; isTimeout: boolean },
): AppmaxFailure {
  if (isNothingSent({ error: cause, written: gate.written })) {
    const isOwnAbort = cause instanceof WriteRefusedError;
    // A fenced call may be sent again after its fence was withdrawn; any other one has no time left.
    if (isOwnAbort && fence === undefined) return ownLimitFailure(1);
    return new AppmaxFailure('unavailable', operation, { cause, isOwnAbort });
  }
  const milliseconds = seconds * 1000 - (gate.writtenAfterMilliseconds ?? 0);
  const isOwnAbort = isTimeout && !hadFairTime(milliseconds / 1000, wholeSeconds);
  return new AppmaxFailure('unknown', operation, { cause, isOwnAbort });
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

/** Returns name and attributes of a call's span: the operation, in which ids are placeholders, not the address. */
function spanOf({ method, operation, url }: AppmaxCall): TracedCall {
  return {
    name: `${method} ${operation}`,
    attributes: {
      'http.request.method': method,
      'url.template': operation,
      'server.address': new URL(url).hostname,
    },
  };
}

function headersOf(call: AppmaxCall): Record<string, string> {
  const requestId = currentRequestId();
  return {
    accept: 'application/json',
    ...(call.form !== undefined ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    ...(call.body !== undefined ? { 'content-type': 'application/json' } : {}),
    ...(call.token !== undefined ? { authorization: `Bearer ${call.token}` } : {}),
    ...(requestId !== undefined ? { 'x-request-id': requestId } : {}),
    ...traceHeaders(),
  };
}

function bodyOf({ form, body }: AppmaxCall): string | null {
  if (form !== undefined) return new URLSearchParams(form).toString();
  return body === undefined ? null : JSON.stringify(body);
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
