/** The maximum number of running tasks (`atOnce`) and of queued tasks (`waiting`). */
export interface ConcurrencyLimitOptions {
  readonly atOnce: number;
  readonly waiting: number;
}

/** Thrown when the queue of a concurrency limit, or of grouped work, is full. */
export class QueueFullError extends Error {}

/** Waits for work that was queued. @throws what `refusal` returns if the queue was full; otherwise the work's own errors. */
export async function orWhenFull<Value>(work: Promise<Value>, refusal: () => Error): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof QueueFullError ? refusal() : error;
  }
}

/**
 * Runs at most `atOnce` tasks at the same time; the others wait in a first-in, first-out queue. Limits the use of a
 * shared resource, such as the connections to the database.
 */
export class ConcurrencyLimit {
  private readonly queue: (() => void)[] = [];
  private working = 0;

  constructor(private readonly options: ConcurrencyLimitOptions) {}

  /** Runs a task, now or from the queue. @throws QueueFullError at once if the queue is full; the task's own errors. */
  async run<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.working < this.options.atOnce) this.working += 1;
    else await this.waitForSlot();
    try {
      return await work();
    } finally {
      this.release();
    }
  }

  private waitForSlot(): Promise<void> {
    if (this.queue.length >= this.options.waiting) return Promise.reject(new QueueFullError());
    return new Promise((resolve) => this.queue.push(resolve));
  }

  /** Passes the slot directly to the first task in the queue, so that a new task cannot take it. */
  private release(): void {
    const next = this.queue.shift();
    if (next === undefined) this.working -= 1;
    else next();
  }
}
