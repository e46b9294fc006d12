import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { ApiError } from '../errors/api-error';
import { ErrorAnswer } from './error-answer';

type Schema = Readonly<Record<string, unknown>>;

/** What the API's document says of a route. What it says of all routes stands in {@link completeDocument}. */
export interface OperationOptions {
  /** The name of the function in generated clients. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** The class of the successful answer; in brackets where it is a list of them. */
  readonly answer?: Type | readonly [Type];
  /** What the successful answer is said to be. */
  readonly answerText?: string;
  /** Media types, other than JSON, that the successful answer may have. */
  readonly texts?: readonly string[];
  /** The class of the body, where the controller's parameter doesn't tell it. */
  readonly body?: Type;
  /** Whole bodies, by what they show. */
  readonly bodies?: Readonly<Record<string, object>>;
  /** The answers that are no success: errors as they are thrown. */
  readonly refusals?: readonly ApiError[];
}

/** Documents a route: its names, its answers, and its refusals grouped by status. */
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
    Refuses(...refusals),
  );
}

/** Documents refusals, each with its body as an example; those of one status stand together. */
export function Refuses(...refusals: readonly ApiError[]): MethodDecorator & ClassDecorator {
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
  'Retry-After': 'When it may be tried again, in seconds.',
  'WWW-Authenticate': 'How to come in.',
};

/** Examples have names of letters, digits and dashes. */
function nameOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
}
