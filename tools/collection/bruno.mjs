import { jsonOf } from './requests.mjs';

/** Returns the files of a Bruno collection, text by path below bruno/. */
export function brunoFiles(folders, { name, variables, secrets }) {
  const files = new Map([
    ['bruno.json', `${JSON.stringify({ version: '1', name, type: 'collection' }, null, 2)}\n`],
    ['environments/quickstart.bru', environment(variables, secrets)],
  ]);
  folders.forEach(([folder, requests], index) => {
    const directory = `${index + 1}-${slug(folder)}`;
    files.set(`${directory}/folder.bru`, blocks([['meta', pairs({ name: folder, seq: index + 1 })]]));
    requests.forEach((request, position) => {
      const file = `${String(position + 1).padStart(2, '0')}-${slug(request.name)}.bru`;
      files.set(`${directory}/${file}`, requestFile(request, position + 1));
    });
  });
  return files;
}

function environment(variables, secrets) {
  return `vars {\n${pairs(variables)}\n}\n\nvars:secret [\n${secrets.map((each) => `  ${each}`).join(',\n')}\n]\n`;
}

function requestFile(request, seq) {
  const { method, url, query, headers, body, isSecret, isStream, status, keep, expectations, docs } = request;
  const tags = isStream ? '\n  tags: [\n    stream\n  ]' : '';
  const search = Object.entries(query).map((pair) => pair.join('='));
  const target = search.length === 0 ? url : `${url}?${search.join('&')}`;
  const mode = { body: body === undefined ? 'none' : 'json', auth: isSecret ? 'bearer' : 'none' };
  const asserted = [['status', ...statusCheck(status)], ...expectations];
  return blocks([
    ['meta', pairs({ name: request.name, type: 'http', seq }) + tags],
    [method.toLowerCase(), pairs({ url: target, ...mode })],
    ['params:query', pairs(query)],
    ['headers', pairs(headers)],
    ['auth:bearer', isSecret ? pairs({ token: '{{secretKey}}' }) : ''],
    ['body:json', body === undefined ? '' : indent(jsonOf(body))],
    ['vars:post-response', pairs(mapValues(keep, (field) => `res.${field}`))],
    ['assert', asserted.map(([field, ...check]) => `  res.${field}: ${check.join(' ')}`).join('\n')],
    ['settings', pairs({ encodeUrl: true, followRedirects: false })],
    ['docs', indent(docs)],
  ]);
}

function statusCheck(status) {
  return status.length === 1 ? ['eq', status[0]] : ['in', status.join(',')];
}

function blocks(parts) {
  const written = parts.filter(([, text]) => text !== '').map(([name, text]) => `${name} {\n${text}\n}\n`);
  return written.join('\n');
}

function pairs(values) {
  return Object.entries(values)
    .map(([name, value]) => `  ${name}: ${value}`.trimEnd())
    .join('\n');
}

function mapValues(values, change) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

function indent(text) {
  return text.replace(/^(?=.)/gm, '  ');
}

export function slug(name) {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
