import { z } from 'zod';
import { isRecord } from '../../common/is-record';
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

/** A host with at least one dot, with or without a port, and what follows. */
const HOST = /^(?:[\p{L}\p{N}_-]+\.)+[\p{L}\p{N}-]+(?::\d{1,5})?(?:[/?#]|$)/u;

/**
 * An http(s) address, safe for a link or a redirect; undefined for anything else, such as `javascript:`. Appmax sends
 * some addresses without a scheme: these get `https://`.
 */
export const optionalAddress = optionalText.transform((text) => {
  const trimmed = text?.trim().replace(/^\/\//, '') ?? '';
  const address = /^https?:\/\//i.test(trimmed) ? trimmed : HOST.test(trimmed) ? `https://${trimmed}` : '';
  return !/[\s\p{Cc}]/u.test(address) && URL.canParse(address) ? address : undefined;
});

/** The fields of an answer's `data` that we use. PHP writes an empty object as `[]`; some answers have `data.data`. */
export function answerOf<Shape extends z.ZodRawShape>(shape: Shape): z.ZodType<z.output<z.ZodObject<Shape>>> {
  const data = z.preprocess((value) => {
    if (isRecord(value) && isRecord(value['data'])) return value['data'];
    return Array.isArray(value) && value.length === 0 ? {} : value;
  }, z.object(shape));
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
