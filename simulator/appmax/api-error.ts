import { type ErrorForm, type Generation } from '../settings/settings';

/** The kinds of refusal. Each generation has its own error form for each kind. */
export type ApiErrorKind = 'validation' | 'not_found' | 'unauthorized' | 'refused' | 'broken';

/** Thrown when Appmax refuses a call. */
export class ApiError extends Error {
  /**
   * @param fields the messages by field, if certain fields are wrong
   * @param form the form of this error, instead of the one in the settings
   */
  constructor(
    readonly status: number,
    readonly kind: ApiErrorKind,
    message: string,
    readonly fields?: Readonly<Record<string, readonly string[]>>,
    readonly form?: ErrorForm,
  ) {
    super(message);
  }
}

/** Thrown when a caller is above a rate limit. Its body is the same in both generations, whatever `error_form` says. */
export class TooManyRequests extends ApiError {
  constructor(readonly retryAfterSeconds: number) {
    super(429, 'refused', 'Too many requests');
  }
}

export function notFound(what: string): ApiError {
  return new ApiError(404, 'not_found', `${what} not found.`);
}

export function unauthorized(): ApiError {
  // An invalid token is always answered with status 401, whatever `error_form` says.
  return new ApiError(401, 'unauthorized', 'Unauthenticated.', undefined, 'message');
}

/** An error response. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: unknown;
}

type WrittenForm = Exclude<ErrorForm, 'default'>;

const defaultForms: Record<Generation, Record<ApiErrorKind, WrittenForm>> = {
  g1: {
    validation: 'errors_fields',
    not_found: 'error_message',
    unauthorized: 'message',
    refused: 'errors_message',
    broken: 'message',
  },
  g2: {
    validation: 'errors_fields',
    not_found: 'message',
    unauthorized: 'message',
    refused: 'error_message',
    broken: 'message',
  },
};

/** Returns an error body in one of Appmax's forms. */
export function errorBody(
  form: WrittenForm,
  message: string,
  fields?: Readonly<Record<string, readonly string[]>>,
): unknown {
  switch (form) {
    case 'message':
      return { message };
    case 'error_message':
      return { error: { message } };
    case 'errors_message':
      return { errors: { message } };
    case 'errors_fields':
      return { errors: { message: fields ?? { request: [message] } } };
    case 'success_false':
      return { success: false, data: { message } };
    case 'empty_data':
      return { data: [] };
  }
}

/**
 * Returns the response to an error, as a generation of Appmax writes it.
 * @param form the setting `error_form`; with `default` the generation decides
 */
export function errorAnswer(error: ApiError, generation: Generation, form: ErrorForm): ErrorAnswer {
  if (error instanceof TooManyRequests)
    return { status: 429, body: { message: error.message, retryAfter: `${error.retryAfterSeconds}(s)` } };
  const wanted = error.form ?? form;
  const written = wanted === 'default' ? defaultForms[generation][error.kind] : wanted;
  const status = written === 'success_false' ? 200 : error.status;
  return { status, body: errorBody(written, error.message, error.fields) };
}
