import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { ApiError } from '../errors/api-error';
import { ErrorAnswer } from './error-answer';

type Schema = Readonly<Record<string, unknown>>;

/** The documentation of one route. {@link completeDocument} adds what all routes have in common. */
export interface OperationOptions {
  /** The operationId, which generated clients use as function name. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** The class of the successful response; in brackets if it is an array of them. */
  readonly answer?: Type | readonly [Type];
  /** The description of the successful response. */
  readonly answerText?: string;
  /** Media types, other than JSON, of the successful response. */
  readonly texts?: readonly string[];
  /** The class of the request body, if the controller's parameter does not declare it. */
  readonly body?: Type;
  /** Examples of whole request bodies, by title. */
  readonly bodies?: Readonly<Record<string, object>>;
  /** The error responses, as they are thrown. */
  readonly refusals?: readonly ApiError[];
}

/** Documents a route: its names, its responses, and its errors grouped by status. */
export function Operation(options: OperationOptions): MethodDecorator {
  const { id, summary, description, answer, answerText, texts = [], refusals = [] } = options;
  const models: readonly Type[] = answer === undefined ? [] : isList(answer) ? answer : [answer];
  return applyDecorators(
    ApiOperation({ operationId: id, summary, ...(description === undefined ? {} : { description }) }),
    ApiExtraModels(...models),
    ...(answer === undefined && texts.length === 0
      ? []
      : [ApiResponse({ status: 200, description: answerText ?? '', content: contentOf(answer, texts) })]),
    ...bodyOf(options),
    DocumentsErrors(...refusals),
  );
}

/** Documents error responses, grouped by status, each with its body as an example. */
export function DocumentsErrors(...refusals: readonly ApiError[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ...refusals.map((refusal) =>
      ApiResponse({
        status: refusal.getStatus(),
        type: ErrorAnswer,
        ...(Object.keys(refusal.headers).length === 0 ? {} : { headers: headersOf(refusal.headers) }),
        examples: { [nameOf(refusal.message)]: { summary: refusal.message, value: refusal.getResponse() } },
      }),
    ),
  );
}

function contentOf(
  answer: OperationOptions['answer'],
  texts: readonly string[],
): Record<string, { schema: Schema }> {
  const ref = (type: Type): Schema => ({ $ref: getSchemaPath(type) });
  return {
    ...(answer === undefined
      ? {}
      : {
          'application/json': {
            schema: isList(answer) ? { type: 'array', items: ref(answer[0]) } : ref(answer),
          },
        }),
    ...Object.fromEntries(texts.map((text) => [text, { schema: { type: 'string' } }])),
  };
}

function bodyOf({ body, bodies }: OperationOptions): MethodDecorator[] {
  if (body === undefined) return [];
  const examples = Object.entries(bodies ?? {}).map(([summary, value]) => [
    nameOf(summary),
    { summary, value },
  ]);
  return [
    ApiBody({
      type: body,
      ...(examples.length === 0 ? {} : { examples: Object.fromEntries(examples) as object }),
    }),
  ];
}

function isList(answer: Type | readonly [Type]): answer is readonly [Type] {
  return Array.isArray(answer);
}

function headersOf(
  headers: Readonly<Record<string, string>>,
): Record<string, { schema: Schema; description: string }> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, example]) => [
      name,
      { description: HEADER_TEXTS[name] ?? name, schema: { type: 'string', examples: [example] } },
    ]),
  );
}

const HEADER_TEXTS: Readonly<Record<string, string>> = {
  'Retry-After': 'Seconds after which the request can be sent again.',
  'WWW-Authenticate': 'The required authentication scheme.',
};

/** Makes the name of an example, of letters, digits and dashes, from a text. */
function nameOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
}
