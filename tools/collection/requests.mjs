/** Folder for routes that no step of the scenario calls. */
const OTHER = 'Other routes';
const PATH_VALUES = { key: '{{shop}}', order_id: '{{cardOrder}}', session: '{{session}}' };

/**
 * Lists the folders of the collection with their requests, from the OpenAPI document and the scenario. A route that the
 * scenario does not call is added with its example, and may answer any status that the document has.
 *
 * @returns pairs of a folder's name and its requests: name, docs, method, url, query, headers, body, isSecret, isStream,
 *   status (a list), expectations, keep.
 */
export function requestsOf(document, scenario) {
  const routes = new Map(
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => [
        operation.operationId,
        { path, method, operation, document },
      ]),
    ),
  );
  const called = new Set();
  const folders = scenario.map(([folder, steps]) => [
    folder,
    steps.map((step) => {
      if (step.call === undefined) return atSimulator(step);
      const route = routes.get(step.call);
      if (route === undefined) throw new Error(`The scenario calls ${step.call}, which is no route`);
      called.add(step.call);
      return requestOf(route, step);
    }),
  ]);
  const others = [...routes]
    .filter(([id]) => !called.has(id))
    .map(([, route]) => requestOf(route, { status: Object.keys(route.operation.responses).map(Number) }));
  return others.length === 0 ? folders : [...folders, [OTHER, others]];
}

function atSimulator({ name, method, url, status = 200, keep = {}, expect = [] }) {
  const docs = 'A call to the simulator, which stands in for Appmax, the merchant or the bank.';
  const shared = { query: {}, headers: {}, isSecret: false, isStream: false };
  return { ...shared, name, docs, method, url, status: [status], keep, expectations: expect };
}

function requestOf({ path, method, operation, document }, step) {
  const { status = 200, keep = {}, expect = [], query = {} } = step;
  const parameters = operation.parameters ?? [];
  const isKeyed = parameters.some(({ name }) => name === 'Idempotency-Key');
  const answer = operation.responses['200']?.content ?? {};
  const headers = {
    ...(answer['application/json'] === undefined ? {} : { Accept: 'application/json' }),
    // A new value each time: the answer to a repeated key is that of the first request.
    ...(isKeyed ? { 'Idempotency-Key': '{{$guid}}' } : {}),
    ...step.headers,
  };
  const values = { ...PATH_VALUES, ...step.path };
  const target = path.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? exampleOf(parameters, name));
  return {
    name: step.name ?? operation.summary,
    docs: [operation.description ?? operation.summary, `Operation: ${operation.operationId}`].join('\n\n'),
    operationId: operation.operationId,
    method: method.toUpperCase(),
    url: step.url ?? `{{serviceUrl}}${target}`,
    query,
    headers,
    body: bodyOf(operation.requestBody, document, step),
    isSecret: (operation.security ?? []).some((each) => 'secretKey' in each),
    isStream: answer['text/event-stream'] !== undefined,
    status: [status].flat(),
    keep,
    expectations: [
      ...(status === 200 ? fieldsOf(answer['application/json']?.schema, document) : []),
      ...expect,
    ],
  };
}

function exampleOf(parameters, name) {
  const { schema, example } = parameters.find((each) => each.name === name) ?? {};
  return String(example ?? schema?.examples?.[0] ?? '1');
}

/** Returns the body as an object, or undefined for a route without one. */
function bodyOf(requestBody, document, { example, body }) {
  const media = requestBody?.content['application/json'];
  if (media === undefined) return undefined;
  if (typeof body === 'object') return body;
  const examples = media.examples ?? {};
  if (example !== undefined && examples[example] === undefined)
    throw new Error(`No example of a body is named ${example}`);
  const value = (examples[example] ?? Object.values(examples)[0])?.value ?? sampleOf(media.schema, document);
  return typeof body === 'function' ? body(value) : value;
}

/** Resolves references and merges `allOf`. */
function resolve(schema, document) {
  if (schema.$ref !== undefined)
    return resolve(document.components.schemas[schema.$ref.split('/').at(-1)], document);
  if (schema.allOf === undefined) return schema;
  const parts = schema.allOf.map((each) => resolve(each, document));
  return {
    ...Object.assign({}, ...parts),
    properties: Object.assign({}, ...parts.map((each) => each.properties)),
  };
}

/** Makes a value of a schema, from its examples, with the required fields of objects. */
function sampleOf(schema, document) {
  const { examples, properties, required = [], items, anyOf, type, enum: values } = resolve(schema, document);
  if (examples?.[0] !== undefined) return examples[0];
  if (values !== undefined) return values[0];
  if (anyOf !== undefined) return sampleOf(anyOf[0], document);
  if (properties !== undefined)
    return Object.fromEntries(required.map((name) => [name, sampleOf(properties[name], document)]));
  if (items !== undefined) return [sampleOf(items, document)];
  return { string: 'text', boolean: true }[type] ?? 1;
}

const CHECKS = {
  string: 'isString',
  number: 'isNumber',
  integer: 'isNumber',
  array: 'isArray',
  boolean: 'isBoolean',
};
const MAX_FIELDS = 4;

/** Returns assertions on the types of an answer's first required fields. */
function fieldsOf(schema, document) {
  if (schema === undefined) return [];
  const { type, properties = {}, required = [] } = resolve(schema, document);
  if (type === 'array') return [['body', 'isArray']];
  return required
    .map((name) => [`body.${name}`, CHECKS[resolve(properties[name] ?? {}, document).type]])
    .filter(([, check]) => check !== undefined)
    .slice(0, MAX_FIELDS);
}

/** Writes a body as JSON. Text `#{{name}}` becomes a variable without quotes. */
export function jsonOf(body) {
  return JSON.stringify(body, null, 2).replace(/"#(\{\{\w+\}\})"/g, '$1');
}
