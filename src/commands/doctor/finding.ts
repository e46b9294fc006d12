/** The things that the doctor checks, in the order of its report. */
export const CHECKS = [
  'settings',
  'database',
  'migrations',
  'cache',
  'clock',
  'public URL',
  'webhook path',
  "Appmax's token",
  'addresses',
  'first install',
  'first webhook',
  'first sale',
] as const;
export type Check = (typeof CHECKS)[number];

/** The result of a check: `skipped` if another failure made it impossible. */
export interface Finding {
  readonly check: Check;
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped';
  /** The finding, without secrets; may have several lines. */
  readonly text: string;
  /** The action that corrects it. */
  readonly advice?: string;
}

export const ok = (check: Check, text: string): Finding => ({ check, state: 'ok', text });
export const warning = (check: Check, text: string, advice: string): Finding => ({
  check,
  state: 'warning',
  text,
  advice,
});
export const failed = (check: Check, text: string, advice: string): Finding => ({
  check,
  state: 'failed',
  text,
  advice,
});
export const skipped = (check: Check, text: string): Finding => ({ check, state: 'skipped', text });

/** Returns the message of an error, and of its cause if it has one: fetch hides the reason there. */
export function reasonOf(error: unknown): string {
  const { message, cause, errors } = error as { message?: string; cause?: unknown; errors?: unknown[] };
  if (cause !== undefined) return reasonOf(cause);
  // Node tries all addresses of a name, and collects the errors.
  if (message === '' && errors?.[0] !== undefined) return reasonOf(errors[0]);
  return message ?? String(error);
}

/** Returns the code of an error of Node or PostgreSQL, such as ECONNREFUSED or 28P01. */
export function codeOf(error: unknown): string | undefined {
  const { code, cause, errors } = error as { code?: string; cause?: unknown; errors?: unknown[] };
  return code ?? (cause === undefined ? undefined : codeOf(cause)) ?? (errors && codeOf(errors[0]));
}
