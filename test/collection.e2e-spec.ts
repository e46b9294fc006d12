import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Script } from 'node:vm';
import { z } from 'zod';

const run = promisify(execFile);
const PROJECT = join(__dirname, '..');
const BRUNO = join(PROJECT, 'bruno');

const pair = z.strictObject({ key: z.string(), value: z.string() });
const item = z.strictObject({
  name: z.string().min(1),
  protocolProfileBehavior: z.strictObject({ followRedirects: z.boolean() }),
  event: z
    .array(
      z.strictObject({
        listen: z.literal('test'),
        script: z.strictObject({ type: z.literal('text/javascript'), exec: z.array(z.string()).min(3) }),
      }),
    )
    .length(1),
  request: z.strictObject({
    method: z.enum(['GET', 'POST', 'PATCH', 'DELETE', 'PUT']),
    auth: z.union([
      z.strictObject({ type: z.literal('noauth') }),
      z.strictObject({
        type: z.literal('bearer'),
        bearer: z.array(pair.extend({ type: z.string() })).length(1),
      }),
    ]),
    header: z.array(pair),
    url: z.strictObject({
      raw: z.string().startsWith('{{'),
      host: z.array(z.string()).length(1),
      path: z.array(z.string()),
      query: z.array(pair).optional(),
    }),
    body: z
      .strictObject({
        mode: z.literal('raw'),
        raw: z.string(),
        options: z.strictObject({ raw: z.strictObject({ language: z.literal('json') }) }),
      })
      .optional(),
    description: z.string(),
  }),
  response: z.array(z.never()),
});
const postman = z.strictObject({
  info: z.strictObject({
    name: z.string(),
    description: z.string(),
    schema: z.literal('https://schema.getpostman.com/json/collection/v2.1.0/collection.json'),
  }),
  item: z.array(z.strictObject({ name: z.string(), item: z.array(item).min(1) })).min(5),
  variable: z.array(pair.extend({ type: z.literal('string') })),
});

describe('The Bruno collection', () => {
  const files = readdirSync(BRUNO, { recursive: true, encoding: 'utf8' });
  const requests = files
    .filter((name) => /\d\d-.*\.bru$/.test(name))
    .map((name) => readFileSync(join(BRUNO, name), 'utf8'));
  const collection = postman.parse(
    JSON.parse(readFileSync(join(BRUNO, 'appmax-checkout.postman_collection.json'), 'utf8')),
  );

  it('the committed collections are those of the document and the scenario', async () => {
    const { stderr } = await run(process.execPath, ['tools/build-bruno.mjs', '--check'], { cwd: PROJECT });
    expect(stderr).toBe('');
  });

  it('the scenario calls every route that has a typed call in the client, and each request has assertions', () => {
    const calls = readFileSync(join(PROJECT, 'client', 'src', 'generated', 'calls.ts'), 'utf8');
    const names = [...calls.matchAll(/^ {2}(\w+)\(request/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(40);
    const called = new Set(requests.map((text) => /Operation: (\w+)/.exec(text)?.[1]));
    expect(names.filter((name) => !called.has(name))).toEqual([]);
    expect(requests.filter((text) => !/^assert \{\n {2}res\.status: /m.test(text))).toEqual([]);
  });

  it('no value of a secret variable is in the files', () => {
    const environment = readFileSync(join(BRUNO, 'environments', 'quickstart.bru'), 'utf8');
    expect(environment).toMatch(/vars:secret \[\n {2}secretKey,\n {2}webhookToken\n\]/);
    const values = collection.variable.filter(({ key }) => ['secretKey', 'webhookToken'].includes(key));
    expect(values.map(({ value }) => value)).toEqual(['', '']);
  });

  it('the Postman file has the requests of Bruno, with bodies that are JSON and scripts that compile', () => {
    const items = collection.item.flatMap((folder) => folder.item);
    expect(items).toHaveLength(requests.length);
    for (const { request, event } of items) {
      // A variable without quotes is a number.
      if (request.body !== undefined) JSON.parse(request.body.raw.replace(/(?<!["\w-])\{\{\w+\}\}/g, '1'));
      expect(() => new Script(event[0]!.script.exec.join('\n'))).not.toThrow();
    }
  });
});
