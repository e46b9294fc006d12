import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { ApiError } from '../errors/api-error';
import { databaseUnavailable, notReady } from '../errors/database-unavailable';
import { internalError, invalidAddress, REFUSALS } from '../errors/refusals';
import { jsonSchema } from './json-schema';

type PathItemObject = OpenAPIObject['paths'][string];
type OperationObject = NonNullable<PathItemObject['get']>;
type ResponseObject = Exclude<OperationObject['responses'][string], { $ref: string } | undefined>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const REQUEST_ID = 'X-Request-Id';
const PAGE = 'text/html';

/** Errors that every route may answer. */
const ANYWHERE: readonly ApiError[] = [REFUSALS[431](), internalError(), databaseUnavailable(), notReady()];

/** Errors that every route with a path parameter may answer. */
const WITH_PARAMETER: readonly ApiError[] = [invalidAddress(), REFUSALS[414]()];

/** Errors that every route with a request body may answer. */
const WITH_BODY: readonly ApiError[] = [REFUSALS[400](), REFUSALS[413](), REFUSALS[415]()];

/** The routes that Appmax calls by itself, for OpenAPI's list of webhooks. */
const WEBHOOKS = { appmaxEvent: { $ref: '#/paths/~1webhooks~1appmax' } };

/**
 * Adds to each route what all routes have: the X-Request-Id header, the errors that are answered before a controller is
 * called, and an empty `security` where none is declared. Lists the webhooks. Converts schemas to JSON Schema 2020-12, for OpenAPI 3.1.
 */
export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  const paths = Object.fromEntries(
    Object.entries(document.paths).map(([path, item]) => [path, completePath(path, item)]),
  );
  const { components = {} } = document;
  return jsonSchema({
    ...document,
    paths,
    webhooks: WEBHOOKS,
    components: {
      ...components,
      headers: {
        [REQUEST_ID]: {
          description: 'The id of the request, which log lines contain.',
          schema: REQUEST_ID_SCHEMA,
        },
      },
      parameters: {
        [REQUEST_ID]: {
          name: REQUEST_ID,
          in: 'header',
          required: false,
          description: 'Your own id for this request. A new one is made if it is missing or not valid.',
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

/** Documents an HTML page for the errors of routes that answer browsers with a page. */
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

/** Adds an error to the responses of its status, unless it is there already. */
function withRefusal(
  responses: Record<string, ResponseObject>,
  refusal: ApiError,
): Record<string, ResponseObject> {
  const status = String(refusal.getStatus());
  const declared = responses[status];
  const { examples = {}, schema = ERROR_ANSWER } = declared?.content?.['application/json'] ?? {};
  // Skips a status whose response is not an ErrorAnswer, such as the 503 of the readiness route.
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
