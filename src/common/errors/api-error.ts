import { HttpException } from '@nestjs/common';

/** What an error answer carries beside its status and message. */
export interface ApiErrorOptions {
  /** Fields beside `message` in the body, such as `errors` or `order_id`. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
  /**
   * What it means for a repeat of the same request. `final`: it is told the same. `open`: the first one may still have an
   * effect, and the repeat goes on with it. Left out: nothing was done.
   */
  readonly outcome?: 'final' | 'open';
}

/** An answer to the client that is not a success: a status, and a body with a string `message`. */
export class ApiError extends HttpException {
  readonly headers: Readonly<Record<string, string>>;
  readonly outcome: 'final' | 'open' | undefined;

  constructor(status: number, message: string, options: ApiErrorOptions = {}) {
    super({ message, ...options.details }, status, { cause: options.cause });
    this.headers = options.headers ?? {};
    this.outcome = options.outcome;
  }
}

/** One field of a body that is not as it should be; `field` is its path, such as `customer.email`. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** 400 `invalid request body`, with what is wrong field by field where that is known. */
export function invalidBody(errors?: readonly FieldError[], message = 'invalid request body'): ApiError {
  return new ApiError(400, message, errors === undefined ? {} : { details: { errors } });
}
