import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, request } from 'undici';
import { currentRequestId } from '../../common/http/request-context';
import type { Config } from '../../config/config';
import { CONFIG } from '../../config/config.module';
import { AppmaxFailure } from '../appmax-failure';
import { CallDurations } from './call-durations';
import { Circuits } from './circuit';
import { errorText } from './error-text';

/** The largest answer that is read; a Pix image is some ten KiB. */
const MAXIMUM_ANSWER_BYTES = 4 * 1024 * 1024;

/** Errors that come before a byte of the request has left: the call certainly had no effect. */
const NOTHING_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** One call. `operation` names it in errors and logs; `seconds` is all the time that it may take. */
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
  /** Which calls it stands or falls with; `calls` where it is left out. */
  readonly circuit?: CircuitName;
}

/** Calls that are kept back together when their host fails: tokens stand by themselves, and what strangers make us ask. */
export type CircuitName = 'calls' | 'tokens' | 'proofs';

/** Speaks HTTP with Appmax: keeps connections alive, keeps deadlines, and tells what became of each call. */
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
      connect: { timeout: appmax.connectTimeoutSeconds * 1000 },
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /**
   * Makes a call, once, unless its host has been failing.
   *
   * @returns the JSON of a successful answer.
   * @throws AppmaxFailure for everything else.
   */
  send(call: AppmaxCall): Promise<unknown> {
    const { operation, url, circuit = 'calls' } = call;
    return this.durations.during(operation, () =>
      this.circuits[circuit].call(url, operation, () => this.sendNow(call)),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    for (const circuits of Object.values(this.circuits)) circuits.shutdown();
    await this.agent.close();
  }

  private async sendNow(call: AppmaxCall): Promise<unknown> {
    const { status, headers, text } = await this.exchange(call);
    const body = parseJson(text);
    if (status >= 200 && status < 300) {
      if (body === undefined) throw new AppmaxFailure('unknown', call.operation, { status });
      if (saysFailure(body))
        throw new AppmaxFailure('refused', call.operation, { status: 400, text: errorText(body) });
      return body;
    }
    const retryAfterSeconds = secondsOf(headers['retry-after']);
    throw new AppmaxFailure(kindOf(status), call.operation, {
      status,
      text: errorText(body),
      retryAfterSeconds,
    });
  }

  private async exchange(
    call: AppmaxCall,
  ): Promise<{ status: number; headers: Record<string, string | string[] | undefined>; text: string }> {
    try {
      const answer = await request(call.url, {
        method: call.method,
        dispatcher: this.agent,
        headers: headersOf(call),
        body: bodyOf(call),
        signal: AbortSignal.timeout(call.seconds * 1000),
      });
      return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
    } catch (cause) {
      const kind = NOTHING_SENT.has(codeOf(cause)) ? 'unavailable' : 'unknown';
      throw new AppmaxFailure(kind, call.operation, { cause });
    }
  }
}

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

function kindOf(status: number): AppmaxFailure['kind'] {
  if (status === 402) return 'declined';
  if (status === 429) return 'rate_limited';
  if (status === 401 || status === 403) return 'unauthorized';
  return status >= 400 && status < 500 ? 'refused' : 'unknown';
}

/** Appmax says no with HTTP 200 now and then: `{"success": false, "data": {"message"}}`. */
function saysFailure(body: unknown): boolean {
  return typeof body === 'object' && body !== null && (body as { success?: unknown }).success === false;
}

function secondsOf(header: string | string[] | undefined): number | undefined {
  const seconds = Number(header);
  return header !== undefined && Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined ? '' : codeOf(cause);
}
