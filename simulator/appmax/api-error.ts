import { type ErrorForm, type Generation } from '../settings/settings';

/** What kind of refusal it is; generations write the kinds differently. */
export type ApiErrorKind = 'validation' | 'not_found' | 'unauthorized' | 'refused' | 'broken';

/** A call that Appmax refuses. */
export class ApiError extends Error {
  /**
   * @param fields what is wrong, by field, when single fields are to blame
   * @param form the form this error has whatever the settings say
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

export function notFound(what: string): ApiError {
  return new ApiError(404, 'not_found', `${what} not found.`);
}

export function unauthorized(): ApiError {
  // Whatever form errors are to have, a token that is worth nothing is told by its status.
  return new ApiError(401, 'unauthorized', 'Unauthenticated.', undefined, 'message');
}

/** An error as it goes out. */
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

/** Writes a message in one of the forms in which Appmax tells of errors. */
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
 * An error as a generation of Appmax writes it.
 * @param form what the settings ask for; `default` leaves the choice to the generation
 */
export function errorAnswer(error: ApiError, generation: Generation, form: ErrorForm): ErrorAnswer {
  const asked = error.form ?? form;
  const written = asked === 'default' ? defaultForms[generation][error.kind] : asked;
  const status = written === 'success_false' ? 200 : error.status;
  return { status, body: errorBody(written, error.message, error.fields) };
}
