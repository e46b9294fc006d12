/** The schema of a text with known values, to which other values may be added: a client must accept any text. */
export function openEnum(values: readonly string[]): {
  readonly type: 'string';
  readonly anyOf: { type: 'string'; enum?: string[] }[];
} {
  return { type: 'string', anyOf: [{ type: 'string', enum: [...values] }, { type: 'string' }] };
}
