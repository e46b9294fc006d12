/** How many may work at once, and how many may wait for their turn. */
export interface TurnsOptions {
  readonly atOnce: number;
  readonly waiting: number;
}

/** There is no turn to wait for: too many wait already. */
export class NoTurnError extends Error {}

/**
 * Lets so many pieces of work go on at once, the others in the order in which they came. What one kind of work may take
 * of something that all share, such as connections to the database, is bounded by it.
 */
export class Turns {
  private readonly line: (() => void)[] = [];
  private working = 0;

  constructor(private readonly options: TurnsOptions) {}

  /** @throws NoTurnError at once when the line is full; else what the work throws. */
  async run<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.working < this.options.atOnce) this.working += 1;
    else await this.turn();
    try {
      return await work();
    } finally {
      this.passOn();
    }
  }

  private turn(): Promise<void> {
    if (this.line.length >= this.options.waiting) return Promise.reject(new NoTurnError());
    return new Promise((go) => this.line.push(go));
  }

  /** Whoever waits for longest takes the place as it is; nobody who comes in between can take it. */
  private passOn(): void {
    const next = this.line.shift();
    if (next === undefined) this.working -= 1;
    else next();
  }
}
