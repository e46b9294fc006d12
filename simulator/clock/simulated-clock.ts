import { DueQueue } from './due-queue';

/** The longest a Node timer can wait; a longer wait is waited in pieces. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** What the clock says of itself. */
export interface ClockState {
  readonly now: string;
  readonly running: boolean;
  /** Simulated seconds per real second while it runs. */
  readonly speed: number;
  /** How many things wait for their time. */
  readonly scheduled: number;
}

/**
 * The time in which orders live: Pix expiry, due dates, anti-fraud, settlement, refunds and webhook retries follow
 * it. It can be stopped, sped up and moved forward, never back. What a client measures with a clock of its own
 * (token lifetimes, rate limits, timeouts) follows real time instead.
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

  /** Moves forward at once, and lets everything happen that falls due on the way, each thing at its own time. */
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

  /** Has `run` called when the clock reaches `at` (milliseconds); soon, if that has passed already. */
  schedule(at: number, run: () => void): void {
    this.sequence += 1;
    this.queue.push({ at, sequence: this.sequence, run });
    if (this.queue.peek()?.sequence === this.sequence) this.arm();
  }

  /** Back to real time at normal speed, with nothing scheduled. */
  reset(): void {
    this.queue.clear();
    this.speed = 1;
    this.running = true;
    this.anchorAt(this.realNow());
    this.arm();
  }

  /** Lets go of the timer, so that the process can end. */
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
