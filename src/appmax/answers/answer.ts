import { z } from 'zod';
import { AppmaxFailure } from '../failures/appmax-failure';

/** An id from Appmax: a number, or a string of digits. */
export const id = z.preprocess(
  (value) => (typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value),
  z.number().int().positive().max(2_147_483_647),
);

/** A text; undefined if it is missing, null or empty. */
export const optionalText = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' && value !== '' ? value : undefined));

/** The fields of an answer's `data` that we use. PHP writes an empty object as `[]`. */
export function answerOf<Shape extends z.ZodRawShape>(shape: Shape): z.ZodType<z.output<z.ZodObject<Shape>>> {
  const data = z.preprocess(
    (value) => (Array.isArray(value) && value.length === 0 ? {} : value),
    z.object(shape),
  );
  return z.object({ data }).transform((answer) => answer.data as z.output<z.ZodObject<Shape>>);
}

/**
 * Parses an answer with its schema.
 *
 * @throws AppmaxFailure `unknown` when the answer does not match: Appmax may have carried the request out.
 */
export function read<Value>(operation: string, schema: z.ZodType<Value>, answer: unknown): Value {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new AppmaxFailure('unknown', operation, {
    cause: new Error(`The answer is not as documented at: ${where}`),
  });
}
