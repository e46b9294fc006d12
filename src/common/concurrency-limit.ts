/** The limits of simultaneous and of waiting work. */
export interface ConcurrencyLimitOptions {
  readonly atOnce: number;
  readonly waiting: number;
}

/** Work was refused because the queue is full. */
export class QueueFullError extends Error {}

/**
 * Runs at most `atOnce` pieces of work at the same time; the others wait in the order in which they came. Bounds what one
 * kind of work takes of a shared resource, such as the connections to the database.
 */
export class ConcurrencyLimit {
  private readonly queue: (() => void)[] = [];
  private working = 0;

  constructor(private readonly options: ConcurrencyLimitOptions) {}

  /** @throws QueueFullError at once when the queue is full; else what the work throws. */
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
    return new Promise((go) => this.queue.push(go));
  }

  /** Hands the slot to the work that has waited longest: work that comes in between can't take it. */
  private release(): void {
    const next = this.queue.shift();
    if (next === undefined) this.working -= 1;
    else next();
  }
}
