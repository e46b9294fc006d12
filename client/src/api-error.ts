/** The fault of one field of a request. */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

/** A call that did not succeed: an error of the service, or no usable answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    /** The stable name of the error; `no_answer` without an answer, `unexpected_answer` without a code in it. */
    readonly code: string,
    message: string,
    /** The HTTP status; 0 without an answer. */
    readonly status: number,
    /** The fields of the answer beside `message` and `code`, such as `order_id`. */
    readonly details: Readonly<Record<string, unknown>> = {},
    /** The pause that the service asks for. */
    readonly retryAfterSeconds?: number,
    /** The id of the request, which the service logs. */
    readonly requestId?: string,
    /**
     * True if the call may have had its effect all the same: a payment may have been made. Make the same call again (the
     * client uses the same idempotency key for it), or read the status of the order.
     */
    readonly mayHaveHappened = false,
    /** The idempotency key of the call, to repeat it in another process. */
    readonly idempotencyKey?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** The faults of the single fields, if the request was not valid. */
  get fields(): readonly FieldFault[] {
    const { errors } = this.details;
    return Array.isArray(errors) ? (errors as FieldFault[]) : [];
  }

  /** Returns the same error, as the end of a call. */
  asEndOf({
    mayHaveHappened,
    idempotencyKey,
  }: Pick<ApiError, 'mayHaveHappened'> & { readonly idempotencyKey: string | undefined }): ApiError {
    const { code, message, status, details, retryAfterSeconds, requestId, cause } = this;
    return new ApiError(
      code,
      message,
      status,
      details,
      retryAfterSeconds,
      requestId,
      mayHaveHappened,
      idempotencyKey,
      { cause },
    );
  }
}

/** Returns the error of a request without a complete answer. */
export function noAnswer(cause: unknown): ApiError {
  return new ApiError(
    'no_answer',
    'The service gave no complete answer.',
    0,
    {},
    undefined,
    undefined,
    false,
    undefined,
    { cause },
  );
}

/** Returns the error that an answer without success is. @param text its body */
export function errorOf({ status, headers }: Pick<Response, 'status' | 'headers'>, text: string): ApiError {
  const body = objectOf(text);
  const { code, message, ...details } = body;
  const retryAfter = Number(headers.get('retry-after') ?? Number.NaN);
  return new ApiError(
    typeof code === 'string' ? code : 'unexpected_answer',
    typeof message === 'string' ? message : `The answer has the status ${String(status)}.`,
    status,
    details,
    Number.isFinite(retryAfter) ? Math.max(0, retryAfter) : undefined,
    headers.get('x-request-id') ?? undefined,
  );
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
