import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ApiError } from '../errors/api-error';
import { databaseUnavailable } from '../errors/database-unavailable';
import { invalidAddress, REFUSALS } from '../errors/refusals';
import { jsonSchema } from './json-schema';

type PathItemObject = OpenAPIObject['paths'][string];
type OperationObject = NonNullable<PathItemObject['get']>;
type ResponseObject = Exclude<OperationObject['responses'][string], { $ref: string } | undefined>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const REQUEST_ID = 'X-Request-Id';
const PAGE = 'text/html';

/** What any route may answer, whatever it is for. */
const ANYWHERE: readonly ApiError[] = [
  REFUSALS[431](),
  new ApiError(500, 'internal server error'),
  databaseUnavailable(),
];

/** What any route may answer that has a parameter in its path. */
const WITH_PARAMETER: readonly ApiError[] = [invalidAddress(), REFUSALS[414]()];

/** What any route may answer that reads a body. */
const WITH_BODY: readonly ApiError[] = [REFUSALS[400](), REFUSALS[413](), REFUSALS[415]()];

/**
 * Adds to each route what holds for all: the request's id, what is answered before a controller is reached, and that
 * nobody needs a key where nothing says so. Turns schemas into those of JSON Schema 2020-12, as OpenAPI 3.1 has them.
 */
export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  const paths = Object.fromEntries(
    Object.entries(document.paths).map(([path, item]) => [path, completePath(path, item)]),
  );
  const { components = {} } = document;
  return jsonSchema({
    ...document,
    paths,
    components: {
      ...components,
      headers: {
        [REQUEST_ID]: {
          description: "The request's id, to find it by in logs.",
          schema: REQUEST_ID_SCHEMA,
        },
      },
      parameters: {
        [REQUEST_ID]: {
          name: REQUEST_ID,
          in: 'header',
          required: false,
          description: 'An id of your own for this request; a new one is made where it is left out or unfit.',
          schema: REQUEST_ID_SCHEMA,
        },
      },
    },
  });
}

const REQUEST_ID_SCHEMA = {
  type: 'string' as const,
  maxLength: 128,
  examples: ['7f3a0c52-8f1e-4a57-9e2b-0d0e5b6f4c11'],
};

function completePath(path: string, item: PathItemObject): PathItemObject {
  const operations = METHODS.flatMap((method) => {
    const operation = item[method];
    if (operation === undefined) return [];
    const refusals = [
      ...(path.includes('{') ? WITH_PARAMETER : []),
      ...(method === 'get' ? [] : WITH_BODY),
      ...ANYWHERE,
    ];
    return [[method, completeOperation(operation, refusals)] as const];
  });
  return { ...item, ...Object.fromEntries(operations) };
}

function completeOperation(operation: OperationObject, refusals: readonly ApiError[]): OperationObject {
  const responses = refusals.reduce(withRefusal, withErrorPages(operation.responses));
  return {
    ...operation,
    parameters: [...(operation.parameters ?? []), { $ref: `#/components/parameters/${REQUEST_ID}` }],
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, response]) => [status, completeResponse(status, response)]),
    ),
    security: operation.security ?? [],
  };
}

/** A route that has a page for browsers has one for its errors, too. */
function withErrorPages(responses: OperationObject['responses']): Record<string, ResponseObject> {
  const declared = responses as Record<string, ResponseObject>;
  if (declared['200']?.content?.[PAGE] === undefined) return declared;
  return Object.fromEntries(
    Object.entries(declared).map(([status, response]) => [
      status,
      Number(status) < 400
        ? response
        : { ...response, content: { ...response.content, [PAGE]: { schema: { type: 'string' } } } },
    ]),
  );
}

const ERROR_ANSWER = { $ref: '#/components/schemas/ErrorAnswer' };

/** Adds a refusal to those of its status, unless they show it already. */
function withRefusal(
  responses: Record<string, ResponseObject>,
  refusal: ApiError,
): Record<string, ResponseObject> {
  const status = String(refusal.getStatus());
  const declared = responses[status];
  const { examples = {}, schema = ERROR_ANSWER } = declared?.content?.['application/json'] ?? {};
  // A route whose answer of that status is no error, such as a report of its health, has no other.
  if (!('$ref' in schema) || schema.$ref !== ERROR_ANSWER.$ref) return responses;
  const name = refusal.message.replace(/[^a-z0-9]+/gi, '-');
  return {
    ...responses,
    [status]: {
      description: '',
      ...declared,
      content: {
        ...declared?.content,
        'application/json': {
          schema: ERROR_ANSWER,
          examples: { [name]: { summary: refusal.message, value: refusal.getResponse() }, ...examples },
        },
      },
    },
  };
}

function completeResponse(
  status: string,
  { description, headers, ...response }: ResponseObject,
): ResponseObject {
  return {
    description: description === '' ? (STATUS_CODES[status] ?? status) : description,
    headers: { ...headers, [REQUEST_ID]: { $ref: `#/components/headers/${REQUEST_ID}` } },
    ...response,
  };
}
