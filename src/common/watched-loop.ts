/** How long what a loop does may take before the loop counts as stalled. */
export interface StallLimits {
  /** A round, or one look for work. */
  readonly roundMilliseconds: number;
  /** One piece of work. */
  readonly pieceMilliseconds: number;
  /** What the next round may be late, beyond the loop's own interval. */
  readonly lateMilliseconds: number;
}

/** What a loop does: a round of its own (or a look for work), or a piece of work that it has found. */
export type Activity = 'round' | 'piece';

interface WatchedLoopOptions {
  readonly name: string;
  /** The time between the end of a round and the next one. */
  readonly intervalMilliseconds: number;
  /** How much the loop does at once: while all lanes are taken, no round is due. */
  readonly lanes: number;
}

/** Keeps what one background loop does, and since when, by a clock that nobody sets. */
export class WatchedLoop {
  private readonly underWay = new Set<{ readonly activity: Activity; readonly since: number }>();
  private lastSignAt = performance.now();

  constructor(private readonly options: WatchedLoopOptions) {}

  get name(): string {
    return this.options.name;
  }

  /** Counts from now on: the first round is due after the interval. */
  begin(): void {
    this.lastSignAt = performance.now();
  }

  /** Notes when a round or a piece of work begins and ends. */
  async during<Value>(activity: Activity, work: () => Promise<Value>): Promise<Value> {
    const entry = { activity, since: performance.now() };
    this.underWay.add(entry);
    try {
      return await work();
    } finally {
      this.underWay.delete(entry);
      this.lastSignAt = performance.now();
    }
  }

  /** Says why the loop is stalled; undefined while it is not. */
  stallReason(limits: StallLimits): string | undefined {
    const now = performance.now();
    for (const { activity, since } of this.underWay) {
      const limit = activity === 'round' ? limits.roundMilliseconds : limits.pieceMilliseconds;
      if (now - since > limit) return `one ${activity} has run for ${seconds(now - since)}`;
    }
    const isFree = this.underWay.size < this.options.lanes;
    const silence = now - this.lastSignAt;
    return isFree && silence > this.options.intervalMilliseconds + limits.lateMilliseconds
      ? `no round has begun for ${seconds(silence)}`
      : undefined;
  }
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1_000)} s`;
}
