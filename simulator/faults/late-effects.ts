/** How many effects may wait at once. */
const MOST_PENDING = 1000;

type Effect = () => Promise<void>;

/** The effects of calls that were answered already. Follows real time, as timeouts of callers do. */
export class LateEffects {
  private readonly effects = new Map<NodeJS.Timeout, Effect>();

  /** Counts the effects that have not begun yet. */
  get pending(): number {
    return this.effects.size;
  }

  /**
   * Has an effect happen after some seconds. A waiting effect does not keep the process alive.
   * @returns false when 1000 effects wait already: the effect never happens
   */
  schedule(seconds: number, effect: Effect): boolean {
    if (this.effects.size >= MOST_PENDING) return false;
    const timer = setTimeout(() => {
      this.effects.delete(timer);
      void effect();
    }, seconds * 1000).unref();
    this.effects.set(timer, effect);
    return true;
  }

  /**
   * Has every waiting effect happen now, in the order of the calls.
   * @returns how many there were
   */
  async runAll(): Promise<number> {
    const effects = [...this.effects.values()];
    this.clear();
    for (const effect of effects) await effect();
    return effects.length;
  }

  /** Forgets the waiting effects: they never happen. */
  clear(): void {
    for (const timer of this.effects.keys()) clearTimeout(timer);
    this.effects.clear();
  }
}
