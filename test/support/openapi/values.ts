import fc, { type Arbitrary } from 'fast-check';
import type { OpenApi, Schema } from './document';

/** Generates values that a schema allows, from its examples and its limits. */
export class Values {
  /** @param known the values to use for a field, by its name, such as the ids of existing orders. */
  constructor(
    private readonly document: OpenApi,
    private readonly known: Readonly<Record<string, readonly unknown[]>>,
  ) {}

  of(schema: Schema, name = ''): Arbitrary<unknown> {
    const known = this.known[name];
    if (known !== undefined) return fc.constantFrom(...known);
    const { $ref, allOf, enum: values, examples } = schema;
    const inner = $ref ?? allOf?.[0]?.$ref;
    if (inner !== undefined) return this.of(this.resolve(inner));
    if (values !== undefined) return fc.constantFrom(...values);
    const made = this.made(schema);
    if (examples === undefined) return made ?? fc.constant(null);
    const shown = fc.constantFrom(...examples);
    // Only examples pass the checks that no schema expresses, such as the check digits of a CPF.
    return made === undefined
      ? shown
      : fc.oneof({ weight: 4, arbitrary: shown }, { weight: 1, arbitrary: made });
  }

  /** Generates copies of an example, with known values in the fields that have some. */
  like(example: unknown): Arbitrary<unknown> {
    if (Array.isArray(example)) return fc.tuple(...example.map((entry) => this.like(entry)));
    if (typeof example !== 'object' || example === null) return fc.constant(example);
    const fields = Object.entries(example).map(([name, value]) => {
      const known = this.known[name];
      return [name, known === undefined ? this.like(value) : fc.constantFrom(...known)] as const;
    });
    return fc.record(Object.fromEntries(fields), { noNullPrototype: true });
  }

  private made(schema: Schema): Arbitrary<unknown> | undefined {
    switch (schema.type) {
      case 'object':
        return this.object(schema);
      case 'array':
        return fc.array(this.of(schema.items ?? {}), {
          minLength: schema.minItems ?? 0,
          maxLength: Math.min(schema.maxItems ?? 3, 3),
        });
      case 'integer':
        return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 2_147_483_647 });
      case 'boolean':
        return fc.boolean();
      case 'string':
        return textOf(schema);
      default:
        return undefined;
    }
  }

  private object({ properties = {}, required = [] }: Schema): Arbitrary<unknown> {
    const fields = Object.entries(properties).map(([name, field]) => [name, this.of(field, name)] as const);
    return fc.record(Object.fromEntries(fields), { requiredKeys: [...required], noNullPrototype: true });
  }

  private resolve(reference: string): Schema {
    const schema = this.document.components.schemas[reference.replace('#/components/schemas/', '')];
    if (schema === undefined) throw new Error(`The document has no ${reference}`);
    return schema;
  }
}

function textOf({
  minLength = 0,
  maxLength = 40,
  pattern,
  format,
  anyOf,
}: Schema): Arbitrary<string> | undefined {
  // Values with a format come only from examples.
  if (format !== undefined || anyOf !== undefined) return undefined;
  const bounded = fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 40) });
  if (pattern === undefined) return bounded;
  const allowed = new RegExp(pattern, 'u');
  return pattern.includes('\\d') ? fc.stringMatching(allowed) : bounded.filter((text) => allowed.test(text));
}
