/** Thrown when something takes longer than its timeout. */
export class TimeoutError extends Error {
  constructor(milliseconds: number) {
    super(`No result within ${milliseconds} ms`);
  }
}

/**
 * Waits for a promise, but not longer than a timeout in milliseconds. The work itself goes on.
 *
 * @throws TimeoutError; the promise's own errors.
 */
export async function withTimeout<Value>(work: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // After a pause of this process, timers run before the sockets are read: a response may be there already.
      setImmediate(() => {
        reject(new TimeoutError(milliseconds));
      });
    }, milliseconds);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

const TIMEOUT_MILLISECONDS = 2_000;

/** Returns the result of a check; undefined if it fails or takes longer than 2 s. */
export async function orUndefined<Value>(check: Promise<Value>): Promise<Value | undefined> {
  return withTimeout(check, TIMEOUT_MILLISECONDS).catch(() => undefined);
}
