import { z } from 'zod';

/** Removes blanks around a value (`trim` counts a byte order mark as one). A blank variable is an unset one. */
export const blankIsUnset = (value: unknown): unknown =>
  typeof value === 'string' ? value.trim() || undefined : value;

export const text = z.preprocess(blankIsUnset, z.string().optional());
export const textOr = (fallback: string): z.ZodType<string> =>
  z.preprocess(blankIsUnset, z.string().default(fallback));
export const oneOf = <const T extends [string, ...string[]]>(
  values: T,
  fallback: T[number],
): z.ZodType<T[number]> =>
  z.preprocess(
    blankIsUnset,
    z.enum(values).default(() => fallback as never),
  );
export const wholeNumber = (fallback: number, minimum: number, maximum: number): z.ZodType<number> =>
  z.preprocess(
    (value) => (blankIsUnset(value) === undefined ? fallback : Number(value)),
    z
      .number({ error: 'must be a whole number' })
      .int('must be a whole number')
      .min(minimum, `must be at least ${minimum}`)
      .max(maximum, `must be at most ${maximum}`),
  );
export const optionalPort = z.preprocess(
  (value) => (blankIsUnset(value) === undefined ? undefined : Number(value)),
  z
    .number({ error: 'must be a port, 1 to 65535' })
    .int()
    .min(1, 'must be a port, 1 to 65535')
    .max(65_535, 'must be a port, 1 to 65535')
    .optional(),
);
export const flag = (fallback: boolean): z.ZodType<boolean> =>
  z.preprocess(
    (value) => (blankIsUnset(value) === undefined ? String(fallback) : String(value).trim().toLowerCase()),
    z
      .enum(['true', 'false', 'on', 'off'], { error: 'must be true or false' })
      .transform((value) => value === 'true' || value === 'on'),
  );
