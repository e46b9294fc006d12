import fc, { type Arbitrary } from 'fast-check';
import { type OpenApi, type Route, routesOf } from './document';
import { change, textChange, tooLarge } from './mutations';
import { Values } from './values';

/** A request to send. */
export interface GeneratedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
}

/** The facts about a service that generated requests need to get past its validation. */
export interface World {
  readonly secretKey: string;
  /** Known values, by the names of parameters and fields. */
  readonly known: Readonly<Record<string, readonly unknown[]>>;
}

const CONTENT_TYPES = [
  'application/json; charset=utf-8',
  'APPLICATION/JSON',
  'application/json; charset=latin1',
  'application/problem+json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'text/html',
  'x',
  '',
];

const ODD_SEGMENTS = [
  '%00',
  '%2F',
  '..%2f..',
  '%zz',
  '%',
  'é',
  '%F0%9F%98%80',
  'x'.repeat(300),
  'x'.repeat(2_000),
  ' ',
  "'",
  '__proto__',
  '-1',
  '0',
  '1.5',
  '2147483648',
  '99999999999999999999',
];

const ODD_QUERIES = [
  '',
  '&',
  '=',
  '%',
  '%zz=1',
  'a[]=1&a[]=2',
  '__proto__=1',
  `x=${'y'.repeat(4_000)}`,
  'limit=-1',
  'limit=1e3',
  'cursor=%00',
  'from=2026-13-45',
];

const ACCEPTS = ['text/html', '*/*', 'application/json', 'image/png', '', 'text/html;q=0.1, */*', '\u00ff'];

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'];

/** Generates requests from a document: valid ones, and valid ones with a few changes. */
export function requests(document: OpenApi, world: World): Arbitrary<GeneratedRequest> {
  const values = new Values(document, world.known);
  const routes = routesOf(document);
  const weighted = routes.map((route) => ({
    // Routes with a body have more cases.
    weight: route.operation.requestBody === undefined ? 1 : 6,
    arbitrary: requestOf(route, values, world),
  }));
  return fc.oneof(...weighted);
}

function requestOf(route: Route, values: Values, { secretKey }: World): Arbitrary<GeneratedRequest> {
  const needsKey = route.operation.security.length > 0;
  return fc
    .record({
      method: rarely(fc.constantFrom(...METHODS), route.method.toUpperCase(), 40),
      path: pathOf(route, values),
      query: queryOf(route, values),
      accept: rarely(fc.constantFrom(...ACCEPTS), undefined, 6),
      key: rarely(
        fc.constantFrom(undefined, 'Bearer', 'Basic x', `bearer ${secretKey}x`),
        `Bearer ${secretKey}`,
        8,
      ),
      requestId: rarely(fc.constantFrom('', 'x y', 'x'.repeat(200), '<b>'), undefined, 10),
      contentType: rarely(fc.constantFrom(...CONTENT_TYPES), 'application/json', 15),
      idempotencyKey: idempotencyKeyOf(route),
      body: bodyOf(route, values),
    })
    .map(({ method, path, query, accept, key, requestId, contentType, idempotencyKey, body }) => ({
      method,
      path: query === '' ? path : `${path}?${query}`,
      headers: {
        ...(accept === undefined ? {} : { accept }),
        ...(needsKey && key !== undefined ? { authorization: key } : {}),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
        ...(body === undefined || contentType === '' ? {} : { 'content-type': contentType }),
      },
      body,
    }));
}

/** Generates keys from a small range, so that they repeat, with the same request and with others. */
function idempotencyKeyOf({ operation }: Route): Arbitrary<string | undefined> {
  if (!operation.parameters.some(({ name }) => name === 'Idempotency-Key')) return fc.constant(undefined);
  return fc.oneof(
    { weight: 16, arbitrary: fc.constant(undefined) },
    { weight: 3, arbitrary: fc.nat(500).map((number) => `key-${number}`) },
    { weight: 1, arbitrary: fc.constantFrom('', ' ', 'a b', 'é', 'x'.repeat(300), '__proto__', "'") },
  );
}

/** Generates the usual value, and once in `times` a strange one. */
function rarely<Value>(strange: Arbitrary<Value>, usual: Value, times: number): Arbitrary<Value> {
  return fc.oneof({ weight: times - 1, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: strange });
}

function pathOf({ template, operation }: Route, values: Values): Arbitrary<string> {
  const segments = template.split('/').map((segment) => {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (segment === '') return fc.constant('');
    if (name === undefined) return rarely(fc.constantFrom(...ODD_SEGMENTS), segment, 200);
    const { schema = {} } = operation.parameters.find((parameter) => parameter.name === name) ?? {};
    const usual = values.of(schema, name).map((value) => encodeURIComponent(String(value)));
    return fc.oneof(
      { weight: 9, arbitrary: usual },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(...ODD_SEGMENTS)
          .map((odd) => (odd === 'é' || odd === ' ' ? encodeURI(odd) : odd)),
      },
    );
  });
  const path = fc
    .tuple(...segments)
    .map((parts) => parts.join('/').replaceAll(' ', '%20').replaceAll('é', '%E9'));
  return fc
    .tuple(path, rarely(fc.constantFrom('/', '//', '/x', ';x', '%3f'), '', 60))
    .map(([start, end]) => start + end);
}

function queryOf({ operation }: Route, values: Values): Arbitrary<string> {
  const parameters = operation.parameters.filter((parameter) => parameter.in === 'query');
  const pairs = parameters.map(({ name = '', schema = {} }) => {
    const usual = values.of(schema, name).map((value) => `${name}=${encodeURIComponent(String(value))}`);
    const strange = fc
      .string({ maxLength: 20 })
      .map((text) => [`${name}=${encodeURIComponent(text)}`, `${name}=1&${name}=2`, `${name}[a]=1`, name])
      .chain((forms) => fc.constantFrom(...forms));
    return fc.oneof(
      { weight: 6, arbitrary: usual },
      { weight: 2, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: strange },
    );
  });
  return fc
    .tuple(rarely(fc.constantFrom(...ODD_QUERIES), '', 12), ...pairs)
    .map((parts) => parts.filter((part) => part !== '').join('&'));
}

function bodyOf({ operation }: Route, values: Values): Arbitrary<string | Buffer | undefined> {
  const media = operation.requestBody?.content['application/json'];
  if (media === undefined) return rarely(fc.constantFrom<string | undefined>('{}', 'x', '['), undefined, 30);
  const shown = Object.values(media.examples ?? {}).map(({ value }) => value);
  const made = values.of(media.schema);
  const valid = fc.oneof(...shown.map((value) => values.like(value)), made);
  const changes = fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 5, arbitrary: fc.array(change(), { minLength: 1, maxLength: 3 }) },
  );
  return fc
    .tuple(
      valid,
      changes,
      textChange(),
      rarely(fc.constant(tooLarge), (text: string) => text, 300),
    )
    .map(([value, some, ofText, grow]) => {
      const changed = some.reduce<unknown>((current, each) => each(current), value);
      return ofText(grow(changed === undefined ? '' : JSON.stringify(changed)));
    });
}
