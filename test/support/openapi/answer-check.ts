import Ajv, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { Answer } from '../http';
import { type OpenApi, type Route, routesOf, type Schema } from './document';
import { PAGES } from './pages';

const DOCUMENT = 'openapi.json';
/** The statuses of a path without a route. The body is checked before the route is looked up. */
const NOT_ROUTED = new Set([400, 404, 413, 414, 415]);

/** Checks answers against the OpenAPI document. */
export class AnswerCheck {
  private readonly ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
  private readonly compiled = new Map<string, ValidateFunction>();
  private readonly routes: readonly (Route & { readonly pattern: RegExp })[];

  constructor(document: OpenApi) {
    this.ajv.addSchema(closed(document), DOCUMENT);
    this.routes = routesOf(document).map((route) => ({ ...route, pattern: patternOf(route.template) }));
  }

  /** Compares an answer with the document. @returns the difference; undefined if there is none. */
  faultOf(method: string, path: string, answer: Answer): string | undefined {
    // The document lists neither OPTIONS (CORS preflight) nor HEAD.
    if (method === 'OPTIONS' || method === 'HEAD') return undefined;
    if (answer.headers.get('x-request-id') === null) return 'it has no X-Request-Id';
    const route = this.find(method, path);
    if (route === undefined) return this.unlistedFault(method, path, answer);
    const { responses } = route.operation;
    const response = responses[String(answer.status)];
    if (response === undefined)
      return `${route.operation.operationId} does not document the status ${answer.status}`;
    const type = mediaType(answer);
    if (response.content === undefined) {
      return answer.text === ''
        ? undefined
        : `${route.operation.operationId} documents no body with ${answer.status}`;
    }
    if (response.content[type] === undefined)
      return `${route.operation.operationId} does not document ${type || 'an answer without a type'} with ${answer.status}`;
    if (type !== 'application/json') return undefined;
    return this.bodyFault(
      `#/paths/${pointer(route.template)}/${route.method}/responses/${answer.status}/content/${pointer(type)}/schema`,
      answer,
    );
  }

  private find(method: string, path: string): Route | undefined {
    const pathname = pathnameOf(path);
    const matching = this.routes.filter(
      (route) => route.method === method.toLowerCase() && route.pattern.test(pathname),
    );
    // A literal route wins over one with a parameter.
    return matching.sort((left, right) => parametersOf(left.template) - parametersOf(right.template))[0];
  }

  private unlistedFault(method: string, path: string, answer: Answer): string | undefined {
    const pathname = pathnameOf(path);
    const types = Object.entries(PAGES).find(([template]) => patternOf(template).test(pathname))?.[1];
    if (method === 'GET' && types?.includes(mediaType(answer)) === true) return undefined;
    return this.unroutedFault(answer);
  }

  private unroutedFault(answer: Answer): string | undefined {
    if (!NOT_ROUTED.has(answer.status))
      return `the document has no such route, and it answers ${answer.status}`;
    return mediaType(answer) === 'application/json'
      ? this.bodyFault('#/components/schemas/ErrorAnswer', answer)
      : 'an error of a route that does not exist is JSON';
  }

  private bodyFault(reference: string, answer: Answer): string | undefined {
    const validate =
      this.compiled.get(reference) ?? this.ajv.compile({ $ref: `${DOCUMENT}${encodeURI(reference)}` });
    this.compiled.set(reference, validate);
    const body: unknown = JSON.parse(answer.text);
    return validate(body) ? undefined : `its body: ${this.ajv.errorsText(validate.errors)}`;
  }
}

/**
 * Closes all objects of the document, so that an undocumented field is a fault. (The document itself leaves them open,
 * so that fields can be added without breaking generated clients.)
 */
function closed<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(closed) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, closed(entry as unknown)]),
  );
  const { type, properties, additionalProperties } = fields as Schema;
  const isOpen = type === 'object' && properties !== undefined && additionalProperties === undefined;
  return (isOpen ? { ...fields, additionalProperties: false } : fields) as Value;
}

function pathnameOf(path: string): string {
  const [written = ''] = path.split(/[?#]/);
  // The service ignores doubled and trailing slashes.
  return written.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
}

function patternOf(template: string): RegExp {
  const parts = template.split('/').map((part) => {
    if (part === '*') return '.+';
    return part.startsWith('{') ? '[^/]+' : part.replaceAll('.', '\\.');
  });
  return new RegExp(`^${parts.join('/')}$`);
}

function parametersOf(template: string): number {
  return template.split('{').length - 1;
}

function mediaType({ headers }: Answer): string {
  return (headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
}

function pointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}
