/** How long a request waits for Redis before it goes on without. */
const OPERATION_MILLISECONDS = 150;

/** How long it waits where it can't: what was taken out, and whose answer came too late, would be lost. */
export const TAKING_MILLISECONDS = 1_000;

/** What came of an operation on Redis; one that fails, or takes too long, is simply not done. */
export type Attempt<Value> =
  { readonly done: true; readonly value: Value } | { readonly done: false; readonly value?: undefined };

/** Tries an operation on Redis, and never throws or waits for long. */
export async function attempt<Value>(
  operation: () => Promise<Value>,
  milliseconds = OPERATION_MILLISECONDS,
): Promise<Attempt<Value>> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Attempt<Value>>((resolve) => {
    timer = setTimeout(() => {
      // After a pause of this process timers run before the answer that waits in the socket is read: read it first.
      setImmediate(() => {
        resolve({ done: false });
      });
    }, milliseconds);
  });
  const work = operation().then(
    (value): Attempt<Value> => ({ done: true, value }),
    (): Attempt<Value> => ({ done: false }),
  );
  return Promise.race([work, timeout]).finally(() => {
    clearTimeout(timer);
  });
}
