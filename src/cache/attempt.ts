/** No request waits longer than this for Redis. */
const OPERATION_MILLISECONDS = 150;

/** What came of an operation on Redis; one that fails, or takes too long, is simply not done. */
export type Attempt<Value> =
  { readonly done: true; readonly value: Value } | { readonly done: false; readonly value?: undefined };

/** Tries an operation on Redis, and never throws or waits for long. */
export async function attempt<Value>(operation: () => Promise<Value>): Promise<Attempt<Value>> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Attempt<Value>>((resolve) => {
    timer = setTimeout(() => {
      resolve({ done: false });
    }, OPERATION_MILLISECONDS);
  });
  const work = operation().then(
    (value): Attempt<Value> => ({ done: true, value }),
    (): Attempt<Value> => ({ done: false }),
  );
  return Promise.race([work, timeout]).finally(() => {
    clearTimeout(timer);
  });
}
