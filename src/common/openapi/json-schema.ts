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

function fromSchema30(fields: Record<string, unknown>): Record<string, unknown> {
  if (!SCHEMA_KEYWORDS.some((keyword) => keyword in fields)) return fields;
  const { example, nullable, ...rest } = fields;
  const schema = example === undefined ? rest : { ...rest, examples: [example] };
  if (nullable !== true) return schema;
  const { type, enum: values } = schema as { type?: unknown; enum?: unknown };
  if (typeof type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  return {
    ...schema,
    type: [type, 'null'],
    ...(Array.isArray(values) ? { enum: [...(values as unknown[]), null] } : {}),
  };
}
