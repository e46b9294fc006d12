import { type z } from 'zod';

/** Thrown when a control call is refused. */
export class ControlError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Validates the body or query of a control call; a missing one counts as empty.
 * @throws ControlError 400 that names every error
 */
export function controlInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input ?? {});
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw new ControlError(400, errors.join('; '));
}
