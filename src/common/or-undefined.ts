const TIMEOUT_MILLISECONDS = 2_000;

/** Returns the result of a check; undefined if it fails or takes longer than 2 s. */
export async function orUndefined<Value>(check: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, TIMEOUT_MILLISECONDS, undefined);
  });
  const outcome = await Promise.race([check.catch(() => undefined), timeout]);
  clearTimeout(timer);
  return outcome;
}
