import { AnswerCheck } from './support/openapi/answer-check';
import type { Operation } from './support/openapi/document';

describe('The check of answers against the document', () => {
  const schema = { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] };
  const operation: Operation = {
    operationId: 'getThing',
    summary: 'A thing',
    tags: [],
    parameters: [],
    security: [],
    responses: {
      200: {
        description: '',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
      },
      302: { description: '' },
    },
  };
  const error = { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] };
  const check = new AnswerCheck({
    paths: { '/things/{id}': { get: operation }, '/things/latest': { get: operation } },
    components: { schemas: { Thing: schema, ErrorAnswer: error } },
    tags: [],
  });
  const faultOf = (
    path: string,
    status: number,
    body: unknown,
    type = 'application/json',
  ): string | undefined =>
    check.faultOf('GET', path, {
      status,
      headers: new Headers({ 'content-type': type, 'x-request-id': 'x' }),
      text: body === '' ? '' : JSON.stringify(body),
      body: {},
    });

  it.each([
    ['/things/1', 200, { id: 1 }],
    ['/things/latest?x=/', 200, { id: 1 }],
    ['/things/1', 302, ''],
    ['/nothing', 404, { message: 'not found' }],
  ])('%s with %i and %j is as documented', (path, status, body) => {
    expect(faultOf(path, status, body)).toBeUndefined();
  });

  it.each([
    ['a status that is not documented', '/things/1', 201, { id: 1 }],
    ['a field that is missing', '/things/1', 200, {}],
    ['a field of another type', '/things/1', 200, { id: '1' }],
    ['a field that is not documented', '/things/1', 200, { id: 1, secret: 1 }],
    ['a body that is not documented', '/things/1', 302, { id: 1 }],
    ['a route that is not documented', '/nothing', 200, {}],
    ['an error in an undocumented format', '/nothing', 404, { error: 'Not Found' }],
  ])('the check finds %s', (_, path, status, body) => {
    expect(faultOf(path, status, body)).toBeDefined();
  });

  it('the check accepts a page only as what it is', () => {
    expect(faultOf('/pay/cs_1?lang=en', 200, '', 'text/html')).toBeUndefined();
    expect(faultOf('/web/checkout-1.js', 404, { message: 'not found' })).toBeUndefined();
    expect(faultOf('/pay/cs_1', 200, { id: 1 })).toBeDefined();
    expect(faultOf('/pay/cs_1/view', 200, '', 'text/html')).toBeDefined();
  });

  it('the check finds a media type that is not documented', () => {
    expect(faultOf('/things/1', 200, { id: 1 }, 'text/html')).toBeDefined();
  });
});
