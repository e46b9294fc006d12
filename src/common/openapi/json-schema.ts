/**
 * Nest writes the keywords of OpenAPI 3.0; 3.1 has JSON Schema's own: `examples` for `example`, the type `null` for
 * `nullable`.
 */
export function jsonSchema<Value>(value: Value): Value {
  return convert(value, false) as Value;
}

function convert(value: unknown, isExample: boolean): unknown {
  if (isExample || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => convert(entry, false));
  const entries = Object.entries(value).map(
    ([name, entry]) => [name, convert(entry, name === 'example' || name === 'examples')] as const,
  );
  return fromSchema30(Object.fromEntries(entries));
}

/** What a schema has at least one of, and nothing else that has examples. */
const SCHEMA_KEYWORDS = ['type', '$ref', 'allOf', 'anyOf', 'oneOf'];

function fromSchema30(schema: Record<string, unknown>): Record<string, unknown> {
  const { example, nullable, ...rest } = schema;
  const isSchema = SCHEMA_KEYWORDS.some((keyword) => keyword in schema);
  const converted =
    isSchema && example !== undefined ? { ...rest, examples: [example] } : withDefined(rest, { example });
  if (nullable !== true) return withDefined(converted, { nullable });
  const { type } = converted;
  if (typeof type !== 'string') return { anyOf: [converted, { type: 'null' }] };
  const values = converted['enum'];
  return {
    ...converted,
    type: [type, 'null'],
    ...(Array.isArray(values) ? { enum: [...(values as unknown[]), null] } : {}),
  };
}

function withDefined(
  fields: Record<string, unknown>,
  more: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return {
    ...fields,
    ...Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)),
  };
}
