/**
 * Converts the OpenAPI 3.0 keywords that Nest writes to those of JSON Schema, which OpenAPI 3.1 uses: `example` to
 * `examples`, `nullable` to the type `null`.
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

/** Keywords that identify a schema: every schema has one of them, and no other object with examples does. */
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
