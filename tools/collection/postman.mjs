import { jsonOf } from './requests.mjs';

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

/** Returns a Postman collection, version 2.1, as an object. */
export function postmanCollection(folders, { name, description, variables, secrets }) {
  const empty = Object.fromEntries(secrets.map((each) => [each, '']));
  return {
    info: { name, description, schema: SCHEMA },
    item: folders.map(([folder, requests]) => ({ name: folder, item: requests.map(itemOf) })),
    variable: Object.entries({ ...variables, ...empty }).map(([key, value]) => ({
      key,
      value,
      type: 'string',
    })),
  };
}

function itemOf({ name, docs, method, url, query, headers, body, isSecret, ...rest }) {
  const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const token = { key: 'token', value: '{{secretKey}}', type: 'string' };
  return {
    name,
    protocolProfileBehavior: { followRedirects: false },
    event: [{ listen: 'test', script: { type: 'text/javascript', exec: scriptOf(rest) } }],
    request: {
      method,
      auth: isSecret ? { type: 'bearer', bearer: [token] } : { type: 'noauth' },
      header: Object.entries({ ...headers, ...json }).map(([key, value]) => ({ key, value })),
      url: urlOf(url, query),
      ...(body === undefined
        ? {}
        : { body: { mode: 'raw', raw: jsonOf(body), options: { raw: { language: 'json' } } } }),
      description: docs,
    },
    response: [],
  };
}

function urlOf(url, query) {
  const parameters = Object.entries(query).map(([key, value]) => ({ key, value }));
  const search = parameters.map(({ key, value }) => `${key}=${value}`).join('&');
  const raw = search === '' ? url : `${url}?${search}`;
  const [host, ...path] = url.split('/');
  return { raw, host: [host], path, ...(parameters.length === 0 ? {} : { query: parameters }) };
}

const CHECKS = {
  eq: (value) => `to.eql(${JSON.stringify(value)})`,
  isString: () => "to.be.a('string')",
  isNumber: () => "to.be.a('number')",
  isBoolean: () => "to.be.a('boolean')",
  isArray: () => "to.be.an('array')",
};

/** Returns the lines of the script that checks an answer and keeps its fields. */
function scriptOf({ status, expectations, keep }) {
  const checks = expectations.map(
    ([field, check, value]) => `  pm.expect(${valueOf(field)}).${CHECKS[check](value)};`,
  );
  const kept = Object.entries(keep).map(
    ([name, field]) => `pm.collectionVariables.set('${name}', ${valueOf(field)});`,
  );
  return [
    "pm.test('the answer is as expected', () => {",
    `  pm.expect(pm.response.code).to.be.oneOf(${JSON.stringify(status)});`,
    ...checks,
    '});',
    ...kept,
  ];
}

function valueOf(field) {
  if (field.startsWith('headers.')) return `pm.response.headers.get('${field.slice('headers.'.length)}')`;
  return `pm.response.json()${field.slice('body'.length)}`;
}
