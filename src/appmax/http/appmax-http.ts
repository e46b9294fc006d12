import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, request } from 'undici';
import { currentRequestId } from '../../common/http/request-context';
import { type Config, CONFIG } from '../../config';
import { isRecord } from '../../common/is-record';
import { AppmaxFailure } from '../failures/appmax-failure';
import { isDecline } from '../failures/declines';
import { normaliseStatus } from '../order-status';
import type { SendFence } from '../send-fence';
import { speaksOfToken } from '../tokens/token-refusals';
import { CallDurations } from './call-durations';
import { Circuits } from './circuit';
import { taggingConnector } from './connect-phase';
import { errorText } from './error-text';
import { isNothingSent, WriteGate } from './write-gate';

/** The largest answer that is read; a Pix image is some ten KiB. */
const MAXIMUM_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * A request is not written when more time than this has passed since its fence. Who finds the fence's mark counts the
 * call's time limit from it, so a process that was paused in between must not send any more.
 */
export const LONGEST_FENCE_TO_WRITE_MILLISECONDS = 2_000;

/** One call. `operation` names it in errors and logs; `seconds` is all the time that it may take, from its fence on. */
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
  /** Whether it charges a card: some refusals are declines of that card then. */
  readonly isDeclinable?: boolean | undefined;
  /** Whether a success counts whatever its body is, even one that breaks off. */
  readonly acceptsAnyBody?: boolean | undefined;
  /** Which calls it stands or falls with; `calls` where it is left out. */
  readonly circuit?: CircuitName;
  /** Passed right before the request is written. Its errors are thrown as they are. */
  readonly fence?: SendFence | undefined;
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
      connect: taggingConnector(appmax.connectTimeoutSeconds),
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /**
   * Makes a call, once, unless its host has been failing.
   *
   * @returns the JSON of a successful answer.
   * @throws AppmaxFailure for everything else that comes of the call; what the call's fence throws.
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
    // From before the fence: a process that is paused while its answer comes in has used up its time, too.
    const gate = new WriteGate(LONGEST_FENCE_TO_WRITE_MILLISECONDS);
    await fence.pass();
    try {
      return await this.sendNow(call, gate);
    } catch (error) {
      if (error instanceof AppmaxFailure && isProvenWithoutEffect(error)) await fence.withdraw();
      throw error;
    }
  }

  private async sendNow(call: AppmaxCall, gate: WriteGate): Promise<unknown> {
    const { status, headers, text } = await this.exchange(call, gate);
    const body = parseJson(text);
    if (isSuccess(status)) {
      if (saysFailure(body)) throw failureOf(call, { status: 400, body });
      if (body === undefined && call.acceptsAnyBody !== true)
        throw new AppmaxFailure('unknown', call.operation, { status });
      return body;
    }
    throw failureOf(call, { status, body, retryAfterSeconds: secondsOf(headers['retry-after']) });
  }

  private async exchange(
    call: AppmaxCall,
    gate: WriteGate,
  ): Promise<{ status: number; headers: Record<string, string | string[] | undefined>; text: string }> {
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
 * Tells whether a failure proves that Appmax did not carry the request out: it never left, Appmax turned it away for its
 * number, or for its token.
 */
export function isProvenWithoutEffect({
  kind,
  status,
  text,
}: Pick<AppmaxFailure, 'kind' | 'status' | 'text'>): boolean {
  if (kind === 'unavailable' || status === 429) return true;
  return kind === 'unauthorized' && status === 401 && speaksOfToken(text);
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

/** The failure that an error answer tells of. */
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

/** The order's status that an error body names beside its text. */
function orderStatusIn(body: unknown): string | undefined {
  if (!isRecord(body) || !isRecord(body['data'])) return undefined;
  const { order, payment } = body['data'];
  const status = [order, payment].filter(isRecord).map((part) => part['status']);
  const told = status.find((value) => typeof value === 'string' && value.trim() !== '');
  return typeof told === 'string' ? normaliseStatus(told) : undefined;
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
