import { ApiError } from '../../client/src/api-error';
import type {
  InstallmentAnswer,
  SessionStatusAnswer,
  SessionViewAnswer,
} from '../../client/src/generated/types';
import { type Operation, Transport } from '../../client/src/transport';
import { watch } from '../../client/src/watch';

/** The page's data of its session: the answer of `GET /pay/{session}/view`. */
export type View = SessionViewAnswer;
export type Method = View['methods'][number];
export type CustomerField = View['missing_fields'][number];
export type Customer = Partial<Record<CustomerField, string>>;
export type Pix = NonNullable<View['pix']>;
export type Boleto = NonNullable<View['boleto']>;

/** A number of installments with its true total. */
export type Plan = InstallmentAnswer;

/** A refusal of the service, or a request without an answer (`network`). */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly fields: readonly string[] = [],
  ) {
    super(code);
  }
}

/** A card payment can take a minute, and a request without an answer is repeated for a few seconds. */
const TIMES = { timeoutMilliseconds: 60_000, repeatForMilliseconds: 8_000 };

/** The calls of a session. Only these parts of the client are in the page's script. */
export class SessionApi {
  /** Milliseconds by which the server's clock is ahead of this device's. */
  clockOffset = 0;

  readonly session: string;
  private readonly transport = new Transport({
    ...TIMES,
    baseUrl: '',
    onAnswer: ({ headers }) => {
      const date = Date.parse(headers.get('date') ?? '');
      if (!Number.isNaN(date)) this.clockOffset = date - Date.now();
    },
  });

  /** @param base the address of the session, `/pay/{session}` */
  constructor(private readonly base: string) {
    this.session = base.slice(base.lastIndexOf('/') + 1);
  }

  view = (): Promise<View> => this.call(this.read('view'));
  plans = (): Promise<Plan[]> => this.call(this.read('installments'));
  status = (): Promise<SessionStatusAnswer> => this.call(this.read('status'));

  /**
   * Pays. The key is the same for every repetition of one click, so that a lost answer does not pay twice.
   * @param idempotencyKey identifies the click
   */
  pay<Answer>(
    method: 'credit-card' | 'pix' | 'boleto',
    body: unknown,
    idempotencyKey: string,
  ): Promise<Answer> {
    const operation = { method: 'POST', path: `${this.base}/${method}`, repeat: 'keyed' } as const;
    return this.call(operation, { body, idempotencyKey });
  }

  /** Follows the status of the session's order. @returns a function that stops */
  follow(onChange: () => void): () => void {
    const left = new AbortController();
    void this.watch(onChange, left.signal);
    return () => {
      left.abort();
    };
  }

  now(): number {
    return Date.now() + this.clockOffset;
  }

  private async watch(onChange: () => void, signal: AbortSignal): Promise<void> {
    try {
      const events = watch(this.transport, this.read('stream'), {}, { signal });
      while ((await events.next()).done !== true) onChange();
    } catch {
      // A session without an order has no stream yet. The page asks every 10 seconds all the same.
    }
  }

  private read(path: string): Operation {
    return { method: 'GET', path: `${this.base}/${path}`, repeat: 'safe' };
  }

  private async call<Answer>(operation: Operation, call = {}): Promise<Answer> {
    try {
      return await this.transport.send<Answer>(operation, call);
    } catch (error) {
      throw error instanceof ApiError ? refusalOf(error) : error;
    }
  }
}

/** Codes that leave a payment open by themselves. */
const OPEN_CODES = new Set(['request_in_progress', 'database_unavailable', 'internal_server_error']);

function refusalOf({ code, status, fields, mayHaveHappened }: ApiError): Refusal {
  if (code === 'no_answer') return new Refusal(0, 'network');
  // Such as a rate limit after a lost answer: it is no refusal of the payment.
  const isUnknown = mayHaveHappened && !OPEN_CODES.has(code);
  return new Refusal(
    status,
    isUnknown ? 'payment_outcome_unknown' : code === 'unexpected_answer' ? 'other' : code,
    fields.map(({ field }) => field),
  );
}
