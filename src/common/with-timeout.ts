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
