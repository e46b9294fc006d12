import { type z } from 'zod';
import { ApiError } from './api-error';

/**
 * Validates the body of a call.
 * @throws ApiError 422 that names every invalid field
 */
export function validBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const fields: Record<string, string[]> = {};
  for (const issue of result.error.issues) {
    const field = issue.path.join('.') || 'request';
    (fields[field] ??= []).push(issue.message);
  }
  const message = Object.entries(fields)
    .map(([field, messages]) => `${field}: ${messages.join(' ')}`)
    .join('; ');
  throw new ApiError(422, 'validation', message, fields);
}

/**
 * Parses an id in a path.
 * @returns null if it is not a positive integer
 */
export function pathId(text: string): number | null {
  const id = Number(text);
  return /^\d{1,10}$/.test(text) && id > 0 ? id : null;
}
