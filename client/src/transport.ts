import { type ApiError, errorOf, noAnswer } from './api-error';
import { isWorthRepeating, leavesOpen, type Repeat, settles } from './repeat-rules';
import { Deadline, pauseBefore, wait } from './wait';

/** A route of the service. */
export interface Operation {
  readonly method: string;
  /** With parameters in braces: `/checkout/{key}/order`. */
  readonly path: string;
  readonly repeat: Repeat;
}

/** The options of one call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /**
   * Identifies the intention behind the call, such as `order-4711`, also after a restart of your program. By default, the
   * client makes one key for each call, and uses it again for each repeat.
   */
  readonly idempotencyKey?: string;
}

/** The settings of a client. */
export interface TransportOptions {
  /** The address of the service. */
  readonly baseUrl: string;
  /** Only for your own server: everyone who has it can refund orders. */
  readonly secretKey?: string;
  /** The time for one attempt; 30 s by default. */
  readonly timeoutMilliseconds?: number;
  /** The time during which a call is repeated; 90 s by default. 0: it is sent once. */
  readonly repeatForMilliseconds?: number;
  readonly fetch?: typeof fetch;
  /** Called with each answer, for its headers. */
  readonly onAnswer?: (answer: Response) => void;
}

/** The data of one call. */
export interface Call extends CallOptions {
  readonly pathParameters?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

const FIRST_PAUSE_MILLISECONDS = 500;
const LONGEST_PAUSE_MILLISECONDS = 8_000;
/** The number of calls with an unknown outcome whose keys are kept. */
const MAXIMUM_OPEN_CALLS = 1_000;

/** Sends requests. Repeats them where a repeat can't have a second effect, always with the same idempotency key. */
export class Transport {
  private readonly base: string;
  /** The keys of calls that are running or whose outcome is unknown. */
  private readonly openKeys = new Map<string, string>();

  constructor(private readonly options: TransportOptions) {
    this.base = options.baseUrl.replace(/\/+$/, '');
  }

  /**
   * Makes a call, and repeats it until there is an answer or the time for repeats is over.
   *
   * @throws ApiError; with `mayHaveHappened` if any of the attempts may have had an effect
   */
  async send<Answer>(operation: Operation, call: Call = {}): Promise<Answer> {
    const { repeat } = operation;
    const url = this.urlOf(operation, call);
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const intention = `${operation.method} ${url} ${body ?? ''}`;
    const key = repeat === 'keyed' ? (call.idempotencyKey ?? this.keyOf(intention)) : undefined;
    const endsAt = performance.now() + (this.options.repeatForMilliseconds ?? 90_000);
    let isOpen = false;
    for (let attempt = 1; ; attempt += 1) {
      const result = await this.attempt(operation.method, url, { body, key, signal: call.signal });
      if ('answer' in result) {
        this.openKeys.delete(intention);
        return result.answer as Answer;
      }
      const { error } = result;
      isOpen = leavesOpen(error, repeat) || (isOpen && !settles(error));
      const pause = Math.max(
        pauseBefore(attempt, FIRST_PAUSE_MILLISECONDS, LONGEST_PAUSE_MILLISECONDS),
        (error.retryAfterSeconds ?? 0) * 1000,
      );
      if (!isWorthRepeating(error, repeat) || performance.now() + pause > endsAt) {
        if (!isOpen) this.openKeys.delete(intention);
        throw error.asEndOf({ mayHaveHappened: isOpen, idempotencyKey: key });
      }
      await wait(pause, call.signal);
    }
  }

  /** Requests a stream. @returns its answer, whose body is not read yet; @throws ApiError */
  async open(
    operation: Operation,
    call: Call & { readonly headers: Readonly<Record<string, string>> },
  ): Promise<Response> {
    const response = await this.fetch(this.urlOf(operation, call), {
      headers: { ...this.headers(), ...call.headers },
      redirect: 'manual',
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    });
    if (response.status !== 200 || response.body === null) throw errorOf(response, await response.text());
    return response;
  }

  private async attempt(
    method: string,
    url: string,
    {
      body,
      key,
      signal,
    }: {
      readonly body: string | undefined;
      readonly key: string | undefined;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<{ readonly answer: unknown } | { readonly error: ApiError }> {
    const deadline = new Deadline(this.options.timeoutMilliseconds ?? 30_000, signal);
    try {
      const response = await this.fetch(url, {
        method,
        // A redirected POST would become a GET, whose success says nothing.
        redirect: 'manual',
        headers: {
          ...this.headers(),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        signal: deadline.signal,
        ...(body === undefined ? {} : { body }),
      });
      const text = await response.text();
      this.options.onAnswer?.(response);
      if (!response.ok) return { error: errorOf(response, text) };
      return isJson(text) ? { answer: JSON.parse(text) as unknown } : { error: errorOf(response, '') };
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason;
      return { error: noAnswer(error) };
    } finally {
      deadline.end();
    }
  }

  /** Returns the key of a call: that of the same call if its outcome is not known yet, else a new one. */
  private keyOf(intention: string): string {
    const key = this.openKeys.get(intention) ?? newKey();
    this.openKeys.set(intention, key);
    const [oldest] = this.openKeys.keys();
    if (this.openKeys.size > MAXIMUM_OPEN_CALLS && oldest !== undefined) this.openKeys.delete(oldest);
    return key;
  }

  private urlOf({ path }: Operation, { pathParameters = {}, query = {} }: Call): string {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = pathParameters[name];
      if (typeof value !== 'string' && typeof value !== 'number')
        throw new TypeError(name === 'key' ? 'The client has no key of a shop.' : `${name} is missing.`);
      return encodeURIComponent(value);
    });
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(
      Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
    );
    return `${this.base}${filled}${given.length === 0 ? '' : `?${search.toString()}`}`;
  }

  private headers(): Record<string, string> {
    const { secretKey } = this.options;
    return {
      accept: 'application/json',
      ...(secretKey === undefined ? {} : { authorization: `Bearer ${secretKey}` }),
    };
  }

  private fetch(url: string, init: RequestInit): Promise<Response> {
    // Looked up for each call, so that a replaced global fetch is used, and called without `this`, as browsers require.
    const send = this.options.fetch ?? fetch;
    return send(url, init);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Returns a random key. `randomUUID` exists only on secure origins. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
