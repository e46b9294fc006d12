import Fastify, { type FastifyInstance } from 'fastify';
import { ApiError } from '../../errors/api-error';
import { BODY_LIMIT_BYTES, limitBodies, readJsonBodies, type RequestWithText } from './json-body';

interface Answer {
  readonly status: number;
  readonly body: { body?: unknown; text?: string; keys?: string[]; message?: string; errors?: unknown };
}

const nested = (depth: number, open: string, close: string): string =>
  open.repeat(depth) + close.repeat(depth);

describe('readJsonBodies', () => {
  let fastify: FastifyInstance;

  beforeAll(async () => {
    fastify = Fastify({ bodyLimit: BODY_LIMIT_BYTES });
    readJsonBodies(fastify);
    limitBodies(fastify, { '/none': 100 });
    fastify.setErrorHandler((error: { statusCode?: number }, _, reply) => {
      if (error instanceof ApiError) return reply.status(error.getStatus()).send(error.getResponse());
      return reply.status(error.statusCode ?? 500).send({ message: 'refused by the framework' });
    });
    fastify.post('/', ({ body, bodyText }: RequestWithText) => ({
      body,
      text: bodyText,
      keys: Object.keys(body as object),
    }));
    fastify.post('/none', ({ body }) => ({ hasBody: body !== undefined }));
    await fastify.ready();
  });

  afterAll(async () => {
    await fastify.close();
  });

  async function post(payload: string | Buffer, contentType = 'application/json'): Promise<Answer> {
    const answer = await fastify.inject({
      method: 'POST',
      url: '/',
      payload,
      headers: { 'content-type': contentType },
    });
    return { status: answer.statusCode, body: answer.json() };
  }

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/json ;Charset="UTF-8"',
    'application/json;',
    'application/vnd.api+json',
  ])('a body of type %s is accepted', async (contentType) => {
    expect(await post('{"a": [1, "two"]}', contentType)).toMatchObject({
      status: 200,
      body: { body: { a: [1, 'two'] } },
    });
  });

  it('the text of a body is kept unchanged, with all white space', async () => {
    const text = '{ "b":1.0,\n "a":"\\u0041", "b": 1e2 }  ';
    expect((await post(text)).body.text).toBe(text);
  });

  it('a body with a byte order mark is read', async () => {
    const { status, body } = await post('\uFEFF{"a":1}');
    expect(status).toBe(200);
    expect(body).toMatchObject({ body: { a: 1 }, text: '{"a":1}' });
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'text/html',
    'application/xml',
    'multipart/form-data',
  ])('a body of type %s is answered 415', async (contentType) => {
    expect((await post('{"a":1}', contentType)).status).toBe(415);
  });

  it.each(['', ' ', '\uFEFF\n'])('the empty body %j counts as none', async (payload) => {
    const response = await fastify.inject({
      method: 'POST',
      url: '/none',
      payload,
      headers: { 'content-type': 'application/json' },
    });
    expect([response.statusCode, response.json()]).toEqual([200, { hasBody: false }]);
  });

  it.each(['{', '{"a":}', "{'a':1}", 'undefined', '{"a":1}}', '"open', '"\\', '{"a":1'])(
    'the body %j, which is not JSON, is answered 400',
    async (text) => {
      expect((await post(text)).status).toBe(400);
    },
  );

  it.each([
    ['__proto__', '{"a":1,"__proto__":{"admin":true}}'],
    ['an escaped __proto__', '{"a":1,"\\u005f_proto__":{"admin":true}}'],
    ['constructor.prototype', '{"a":1,"constructor":{"prototype":{"admin":true}}}'],
  ])('%s is removed from the parsed body, not from its text', async (_, text) => {
    const answer = await post(text);
    expect(answer).toMatchObject({ status: 200, body: { text, keys: ['a'], body: { a: 1 } } });
    expect(JSON.stringify(answer.body.body)).not.toContain('admin');
  });

  it('a body may be as large as the limit, not larger', async () => {
    const filling = (bytes: number): string => JSON.stringify({ a: 'x'.repeat(bytes - 8) });
    expect((await post(filling(BODY_LIMIT_BYTES))).status).toBe(200);
    expect((await post(filling(BODY_LIMIT_BYTES + 1))).status).toBe(413);
  });

  it('a route may have a smaller limit of its own', async () => {
    const status = async (bytes: number): Promise<number> =>
      (
        await fastify.inject({
          method: 'POST',
          url: '/none',
          payload: JSON.stringify('x'.repeat(bytes - 2)),
          headers: { 'content-type': 'application/json' },
        })
      ).statusCode;
    expect([await status(100), await status(101)]).toEqual([200, 413]);
  });

  it.each([
    ['lists', nested(100, '[', ']')],
    ['objects', '{"a":'.repeat(99) + '{}' + '}'.repeat(99)],
    ['lists and objects', '[{"a":'.repeat(50) + '1' + '}]'.repeat(50)],
  ])('%s may be nested 100 levels deep', async (_, text) => {
    expect((await post(text)).status).toBe(200);
  });

  it.each([
    ['lists', nested(101, '[', ']')],
    ['objects', '{"a":'.repeat(100) + '{}' + '}'.repeat(100)],
    ['lists and objects', '[{"a":'.repeat(51) + '1' + '}]'.repeat(51)],
    ['lists as deep as the limit allows', nested(BODY_LIMIT_BYTES / 2, '[', ']')],
    ['lists that are never closed', '['.repeat(BODY_LIMIT_BYTES)],
    ['lists after others that are closed', `[${'[],'.repeat(500)}${nested(100, '[', ']')}]`],
  ])('%s that are nested deeper are refused', async (_, text) => {
    expect(await post(text)).toEqual({
      status: 400,
      body: {
        message: 'invalid request body',
        code: 'invalid_request_body',
        errors: [{ field: '', message: 'the body is nested more than 100 levels deep' }],
      },
    });
  });

  it.each([
    ['in a text', JSON.stringify({ a: '['.repeat(1000) })],
    ['after an escaped quote', JSON.stringify({ a: `"${'{'.repeat(1000)}` })],
    ['after an escaped backslash', `{"a":"\\\\","b":"${'['.repeat(1000)}"}`],
    ['in a key', JSON.stringify({ ['['.repeat(1000)]: 1 })],
    ['beside each other', `[${'[],'.repeat(1000)}[]]`],
  ])('brackets %s do not count as nesting', async (_, text) => {
    expect((await post(text)).status).toBe(200);
  });

  it.each([
    ['escaped quotes in a text without an end', `"${'\\"'.repeat(BODY_LIMIT_BYTES / 2 - 1)}`],
    ['escaped backslashes in a text without an end', `"${'\\\\'.repeat(BODY_LIMIT_BYTES / 2 - 1)}`],
    ['a text without an end that ends in a backslash', `"${'\\"'.repeat(BODY_LIMIT_BYTES / 2 - 1)}\\`],
  ])('the time to check a body is short: %s', async (_, text) => {
    const before = process.cpuUsage();
    expect((await post(text)).status).toBe(400);
    const { user } = process.cpuUsage(before);
    expect(user / 1e6).toBeLessThan(3);
  });
});
