import { HttpException } from '@nestjs/common';

/** The details of an error response, beside its status and message. */
export interface ApiErrorOptions {
  /** The stable name of the error for programs; by default {@link codeOf} its message. */
  readonly code?: string;
  /** Fields beside `message` in the body, such as `errors` or `order_id`. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
  /**
   * The rule for a repeat of the same request. `final`: it gets the same response. `open`: the first request may still
   * have an effect, and the repeat continues it. Undefined: the first request had no effect.
   */
  readonly outcome?: 'final' | 'open';
}

/**
 * Derives an error's code from its message: `order not found` is `order_not_found`. What follows a colon or a semicolon
 * explains the error and is left out. A code never changes: an error whose message is reworded gets its old code in
 * {@link ApiErrorOptions.code}, and so does one whose message is not fixed.
 */
export function codeOf(message: string): string {
  const [name = ''] = message.split(/[:;]/);
  return name
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}

/** An error response to the client: a status, and a body with a text `message` and a stable `code`. */
export class ApiError extends HttpException {
  readonly headers: Readonly<Record<string, string>>;
  readonly outcome: 'final' | 'open' | undefined;

  constructor(status: number, message: string, options: ApiErrorOptions = {}) {
    super({ message, code: options.code ?? codeOf(message), ...options.details }, status, {
      cause: options.cause,
    });
    this.headers = options.headers ?? {};
    this.outcome = options.outcome;
  }

  /** Returns the same error with other options; `details` are added to its own. */
  with({ details, ...options }: ApiErrorOptions): ApiError {
    const { message, ...own } = this.getResponse() as { message: string };
    const { headers, cause, outcome } = this;
    const all = { headers, cause, ...(outcome === undefined ? {} : { outcome }), ...options };
    return new ApiError(this.getStatus(), message, { ...all, details: { ...own, ...details } });
  }
}

/** The field errors in one answer; a body can have thousands. */
const MAXIMUM_FIELD_ERRORS = 20;

/** An invalid field of a request body, or an invalid query parameter; `field` is its path, such as `customer.email`. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** 400 `invalid request body`, with the errors of each field if they are known. */
export function invalidBody(errors?: readonly FieldError[], message = 'invalid request body'): ApiError {
  return new ApiError(
    400,
    message,
    errors === undefined ? {} : { details: { errors: errors.slice(0, MAXIMUM_FIELD_ERRORS) } },
  );
}

/** 400 `invalid query parameters`, with the error of each parameter. */
export function invalidQuery(errors: readonly FieldError[]): ApiError {
  return new ApiError(400, 'invalid query parameters', {
    details: { errors: errors.slice(0, MAXIMUM_FIELD_ERRORS) },
  });
}
