/** The time limits of a loop; beyond them, it counts as stalled. */
export interface StallLimits {
  /** The limit of a round, which may be a query for work. */
  readonly roundMilliseconds: number;
  /** The limit of one piece of work. */
  readonly pieceMilliseconds: number;
  /** The longest delay of the next round, beyond the loop's own interval. */
  readonly lateMilliseconds: number;
}

/** An activity of a loop: a round (which may be a query for work), or one piece of work that it has found. */
export type Activity = 'round' | 'piece';

interface WatchedLoopOptions {
  readonly name: string;
  /** The time from the end of a round to the next one. */
  readonly intervalMilliseconds: number;
  /** The loop's concurrency limit. While this number of activities is running, no round is due. */
  readonly workers: number;
}

/** Records the running activities of one background loop and their start times, by the monotonic clock. */
export class WatchedLoop {
  private readonly running = new Set<{ readonly activity: Activity; readonly since: number }>();
  private lastActivityAt = performance.now();

  constructor(private readonly options: WatchedLoopOptions) {}

  get name(): string {
    return this.options.name;
  }

  /** Starts the clock: the first round is due after the interval. */
  begin(): void {
    this.lastActivityAt = performance.now();
  }

  /** Runs a round or a piece of work, and records its start and end. */
  async during<Value>(activity: Activity, work: () => Promise<Value>): Promise<Value> {
    const entry = { activity, since: performance.now() };
    this.running.add(entry);
    try {
      return await work();
    } finally {
      this.running.delete(entry);
      this.lastActivityAt = performance.now();
    }
  }

  /** Returns the reason why the loop is stalled; undefined if it is not. */
  stallReason(limits: StallLimits): string | undefined {
    const now = performance.now();
    for (const { activity, since } of this.running) {
      const limit = activity === 'round' ? limits.roundMilliseconds : limits.pieceMilliseconds;
      if (now - since > limit) return `one ${activity} has run for ${seconds(now - since)}`;
    }
    const isFree = this.running.size < this.options.workers;
    const idle = now - this.lastActivityAt;
    return isFree && idle > this.options.intervalMilliseconds + limits.lateMilliseconds
      ? `no round has begun for ${seconds(idle)}`
      : undefined;
  }
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1_000)} s`;
}
