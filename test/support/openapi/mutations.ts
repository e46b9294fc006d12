import fc, { type Arbitrary } from 'fast-check';

/** Unusual values, most of which a field must refuse. */
const STRANGE: readonly unknown[] = [
  ...[null, true, false, '', ' ', [], {}, [[]], [null], [{}], { toString: 1 }, { length: -1 }],
  ...[0, -0, -1, 0.5, 1e-7, 2 ** 31, -(2 ** 31), 2 ** 53, 1e308, -1e308],
  ...[
    '0',
    '-1',
    '1e3',
    'NaN',
    'null',
    'true',
    '[object Object]',
    '\0',
    'a\0b',
    '\u202e',
    '\ufeff',
    '\ud800',
    '\udfff\ud800',
  ],
  ...[
    "'; DROP TABLE orders; --",
    '<script>alert(1)</script>',
    '${7*7}',
    '../../etc/passwd',
    '%00',
    '😀'.repeat(64),
  ],
  ...['x'.repeat(256), 'x'.repeat(5_000), '9'.repeat(400), '\n'.repeat(300)],
];

const STRANGE_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  'extra',
  '\0',
  'length',
];

type Change = (value: unknown) => unknown;
type Path = readonly (string | number)[];

/** Generates a change at a random position in a JSON value. */
export function change(): Arbitrary<Change> {
  const position = fc.nat(10_000);
  const strange = fc.oneof(fc.constantFrom(...STRANGE), fc.jsonValue({ maxDepth: 3 }), deep());
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(position, strange).map(([at, value]) => changeAt(at, () => value)) },
    { weight: 3, arbitrary: position.map((at) => changeAt(at, () => undefined)) },
    { weight: 1, arbitrary: position.map((at) => changeAt(at, (value) => [value])) },
    { weight: 1, arbitrary: position.map((at) => changeAt(at, (value) => JSON.stringify(value))) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(position, fc.constantFrom(...STRANGE_NAMES), strange)
        .map(([at, name, value]) => changeAt(at, (object) => withField(object, name, value))),
    },
  );
}

/** Generates a nested value, up to ten times as deep as the service accepts. */
function deep(): Arbitrary<unknown> {
  return fc.tuple(fc.constantFrom(5, 60, 99, 1_000), fc.boolean()).map(([levels, inArrays]) => {
    let value: unknown = 1;
    for (let level = 0; level < levels; level += 1) value = inArrays ? [value] : { a: value };
    return value;
  });
}

/** Generates a change of a JSON text, such as repeated keys, that no change of the parsed value can express. */
export function textChange(): Arbitrary<(text: string) => string | Buffer> {
  return fc.oneof(
    { weight: 30, arbitrary: fc.constant((text: string) => text) },
    { weight: 2, arbitrary: fc.constant(withRepeatedKeys) },
    {
      weight: 1,
      arbitrary: fc.nat(2_000).map((at) => (text: string) => text.slice(0, at % (text.length + 1))),
    },
    { weight: 1, arbitrary: fc.constant((text: string) => `\ufeff${text}`) },
    { weight: 1, arbitrary: fc.constant((text: string) => `${text}}`) },
    { weight: 1, arbitrary: fc.constant((text: string) => text.replace(/:\s*\d+/, ':1e999')) },
    {
      weight: 1,
      arbitrary: fc.constant((text: string) => text.replace(/:\s*\d+/, ':123456789012345678901234567890')),
    },
    { weight: 1, arbitrary: fc.constant((text: string) => text.replace(/:"/, ':"\\ud800')) },
    { weight: 1, arbitrary: fc.constant((text: string) => text.replace(/:"/, ':"\\u0000')) },
    { weight: 1, arbitrary: fc.constant(withInvalidUtf8) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', 'null', '[]', '"text"', '7', 'NaN', '{', '\0').map((text) => () => text),
    },
    { weight: 1, arbitrary: fc.constant((text: string) => `${'['.repeat(50_000)}${text}`) },
  );
}

/** Pads a body until it exceeds the size limit. Used rarely, because it is slow. */
export const tooLarge = (text: string): string => text.padEnd(300 * 1024, ' ');

/** Repeats the first field of each object, with another value. */
function withRepeatedKeys(text: string): string {
  return text.replace(/\{("(?:[^"\\]|\\.)*"):/g, '{$1:{"again":true},$1:');
}

function withInvalidUtf8(text: string): Buffer {
  const at = text.indexOf(':"') + 2;
  return Buffer.concat([
    Buffer.from(text.slice(0, at)),
    Buffer.from([0xc3, 0x28, 0xff]),
    Buffer.from(text.slice(at)),
  ]);
}

function changeAt(position: number, replace: (value: unknown) => unknown): Change {
  return (value) => {
    const paths = pathsOf(value);
    return replaced(value, paths[position % paths.length] ?? [], replace);
  };
}

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([name, entry]) =>
    pathsOf(entry, [...path, Array.isArray(value) ? Number(name) : name]),
  );
  return [path, ...inner];
}

function replaced(value: unknown, [step, ...rest]: Path, replace: (value: unknown) => unknown): unknown {
  if (step === undefined) return replace(value);
  if (Array.isArray(value)) {
    return (value as unknown[]).map((entry, index) =>
      index === step ? replaced(entry, rest, replace) : entry,
    );
  }
  const fields = value as Record<string, unknown>;
  return { ...fields, [step]: replaced(fields[step], rest, replace) };
}

/** Adds a field of any name to an object: in JSON, `__proto__` is a name like any other. */
function withField(value: unknown, name: string, field: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return field;
  return Object.defineProperty({ ...value }, name, { value: field, enumerable: true, configurable: true });
}
