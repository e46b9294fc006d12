import type { OpenAPIObject } from '@nestjs/swagger';
import { completeDocument } from './complete-document';

type Responses = Record<
  string,
  { description: string; headers: object; content?: Record<string, { examples?: object }> }
>;

function completed(
  path: string,
  method: 'get' | 'post',
  responses: object,
): { responses: Responses; security: unknown } {
  const document = { openapi: '3.1.0', info: {}, paths: { [path]: { [method]: { responses } } } };
  const { paths } = completeDocument(document as unknown as OpenAPIObject);
  return paths[path]?.[method] as unknown as { responses: Responses; security: unknown };
}

const OK = { 200: { description: '' } };

describe('completeDocument', () => {
  it.each([
    ['/things', 'get', ['200', '431', '500', '503']],
    ['/things', 'post', ['200', '400', '413', '415', '431', '500', '503']],
    ['/things/{id}', 'get', ['200', '400', '414', '431', '500', '503']],
    ['/things/{id}', 'post', ['200', '400', '413', '414', '415', '431', '500', '503']],
  ] as const)('the answers before the controller are added to %s, %s', (path, method, statuses) => {
    expect(Object.keys(completed(path, method, OK).responses)).toEqual(statuses);
  });

  it('each answer has a description and the X-Request-Id header', () => {
    for (const { description, headers } of Object.values(completed('/things', 'post', OK).responses)) {
      expect(description).not.toBe('');
      expect(headers).toHaveProperty('X-Request-Id');
    }
  });

  it('a route without declared security needs no key', () => {
    expect(completed('/things', 'get', OK).security).toEqual([]);
  });

  it('the existing examples of a status are kept', () => {
    const declared = {
      400: { description: 'Wrong', content: { 'application/json': { examples: { mine: {} } } } },
    };
    const { responses } = completed('/things', 'post', declared);
    expect(responses['400']).toMatchObject({ description: 'Wrong' });
    expect(Object.keys(responses['400']?.content?.['application/json']?.examples ?? {})).toEqual([
      'invalid-request-body',
      'mine',
    ]);
  });

  it('the errors of a route with a page are documented as pages', () => {
    const page = { 200: { description: '', content: { 'text/html': {} } }, 404: { description: '' } };
    expect(Object.keys(completed('/', 'get', page).responses['404']?.content ?? {})).toEqual(['text/html']);
  });
});
