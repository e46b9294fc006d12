/** Maximum number of pending effects. */
const MAX_PENDING = 1000;

type Effect = () => Promise<void>;

/** The pending effects of calls that were already answered. They follow real time, as the callers' timeouts do. */
export class LateEffects {
  private readonly effects = new Map<NodeJS.Timeout, Effect>();

  /** Counts the effects that have not begun yet. */
  get pending(): number {
    return this.effects.size;
  }

  /**
   * Schedules an effect. A pending effect does not keep the process alive.
   * @returns false if 1000 effects are pending; the effect then never happens
   */
  schedule(seconds: number, effect: Effect): boolean {
    if (this.effects.size >= MAX_PENDING) return false;
    const timer = setTimeout(() => {
      this.effects.delete(timer);
      void effect();
    }, seconds * 1000).unref();
    this.effects.set(timer, effect);
    return true;
  }

  /**
   * Runs every pending effect now, in the order of the calls.
   * @returns the number of effects
   */
  async runAll(): Promise<number> {
    const effects = [...this.effects.values()];
    this.clear();
    for (const effect of effects) await effect();
    return effects.length;
  }

  /** Removes the pending effects; they never happen. */
  clear(): void {
    for (const timer of this.effects.keys()) clearTimeout(timer);
    this.effects.clear();
  }
}
