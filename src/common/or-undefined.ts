import { withTimeout } from './with-timeout';

const TIMEOUT_MILLISECONDS = 2_000;

/** Returns the result of a check; undefined if it fails or takes longer than 2 s. */
export async function orUndefined<Value>(check: Promise<Value>): Promise<Value | undefined> {
  return withTimeout(check, TIMEOUT_MILLISECONDS).catch(() => undefined);
}
