import { DueQueue } from './due-queue';

/** The longest delay of a Node timer, in milliseconds. A longer wait is split. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The state of the clock. */
export interface ClockState {
  readonly now: string;
  readonly running: boolean;
  /** Simulated seconds per real second while it runs. */
  readonly speed: number;
  /** Number of scheduled callbacks. */
  readonly scheduled: number;
}

/**
 * The clock of orders: Pix expiry, due dates, anti-fraud, settlement, refunds and webhook retries follow it. It can be
 * stopped, sped up and moved forward, never back. Token lifetimes, rate limits and timeouts follow real time instead,
 * because clients measure them with their own clocks.
 */
export class SimulatedClock {
  private readonly queue = new DueQueue();
  private sequence = 0;
  private timer: NodeJS.Timeout | undefined;
  private speed = 1;
  private running = true;
  private anchorSimulated: number;
  private anchorReal: number;

  constructor(private readonly realNow: () => number = Date.now) {
    this.anchorReal = realNow();
    this.anchorSimulated = this.anchorReal;
  }

  /** Simulated milliseconds since 1970, UTC. */
  now(): number {
    if (!this.running) return this.anchorSimulated;
    return Math.floor(this.anchorSimulated + (this.realNow() - this.anchorReal) * this.speed);
  }

  state(): ClockState {
    return {
      now: new Date(this.now()).toISOString(),
      running: this.running,
      speed: this.speed,
      scheduled: this.queue.size,
    };
  }

  stop(): void {
    this.anchorAt(this.now());
    this.running = false;
    this.arm();
  }

  start(): void {
    this.anchorAt(this.now());
    this.running = true;
    this.arm();
  }

  /** @param speed simulated seconds per real second, above 0 */
  setSpeed(speed: number): void {
    this.anchorAt(this.now());
    this.speed = speed;
    this.arm();
  }

  /** Moves forward at once and runs each callback that falls due, at its own time. */
  advance(seconds: number): void {
    const target = this.now() + seconds * 1000;
    for (let next = this.queue.peek(); next !== undefined && next.at <= target; next = this.queue.peek()) {
      this.queue.pop();
      this.anchorAt(Math.max(next.at, this.anchorSimulated));
      next.run();
    }
    this.anchorAt(target);
    this.arm();
  }

  /** Calls `run` when the clock reaches `at` (milliseconds), or without delay if `at` is in the past. */
  schedule(at: number, run: () => void): void {
    this.sequence += 1;
    this.queue.push({ at, sequence: this.sequence, run });
    if (this.queue.peek()?.sequence === this.sequence) this.arm();
  }

  /** Returns to real time at normal speed and removes all callbacks. */
  reset(): void {
    this.queue.clear();
    this.speed = 1;
    this.running = true;
    this.anchorAt(this.realNow());
    this.arm();
  }

  /** Stops the timer, so that the process can exit. */
  close(): void {
    clearTimeout(this.timer);
    this.queue.clear();
  }

  private anchorAt(simulated: number): void {
    this.anchorSimulated = simulated;
    this.anchorReal = this.realNow();
  }

  private arm(): void {
    clearTimeout(this.timer);
    const next = this.queue.peek();
    if (next === undefined || !this.running) return;
    const wait = Math.max(0, Math.ceil((next.at - this.now()) / this.speed));
    this.timer = setTimeout(
      () => {
        this.runDue();
      },
      Math.min(wait, LONGEST_TIMER),
    );
  }

  private runDue(): void {
    const now = this.now();
    for (let next = this.queue.peek(); next !== undefined && next.at <= now; next = this.queue.peek()) {
      this.queue.pop();
      next.run();
    }
    this.arm();
  }
}
