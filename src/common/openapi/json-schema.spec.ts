import { jsonSchema } from './json-schema';

describe('jsonSchema', () => {
  it.each([
    ['an example', { type: 'string', example: 'a' }, { type: 'string', examples: ['a'] }],
    [
      'an example of one of several',
      { oneOf: [{ type: 'integer' }], example: 1 },
      { oneOf: [{ type: 'integer' }], examples: [1] },
    ],
    ['an example of null', { type: 'string', example: null }, { type: 'string', examples: [null] }],
    ['nullable', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
    [
      'nullable, one of some',
      { type: 'string', enum: ['a'], nullable: true },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    [
      'nullable, of another schema',
      { $ref: '#/a', nullable: true },
      { anyOf: [{ $ref: '#/a' }, { type: 'null' }] },
    ],
    ['not nullable', { type: 'string', nullable: false }, { type: 'string' }],
  ])('a schema of OpenAPI 3.0 becomes JSON Schema: %s', (_, schema, expected) => {
    expect(jsonSchema(schema)).toEqual(expected);
    expect(jsonSchema({ properties: { inner: [schema] } })).toEqual({ properties: { inner: [expected] } });
  });

  it('the content of examples is not changed', () => {
    const media = { examples: { one: { value: { type: 'x', example: 'y', nullable: true } } } };
    expect(jsonSchema(media)).toEqual(media);
  });
});
