import { Logger } from '@nestjs/common';
import type { StallLimits, WatchedLoop } from './watched-loop';

const LIMITS: StallLimits = {
  roundMilliseconds: 60_000,
  pieceMilliseconds: 5 * 60_000,
  lateMilliseconds: 60_000,
};

const CHECK_MILLISECONDS = 10_000;

/** Detects stalled background loops. Without it, a process that still answers requests would look healthy. */
export class LoopWatchdog {
  private readonly logger = new Logger('LoopWatchdog');
  private readonly loops = new Set<WatchedLoop>();
  private readonly logged = new Set<WatchedLoop>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly limits: StallLimits = LIMITS) {}

  /** The number of watched loops. */
  get size(): number {
    return this.loops.size;
  }

  /** Starts watching a loop. */
  watch(loop: WatchedLoop): void {
    loop.begin();
    this.loops.add(loop);
    this.timer ??= setInterval(() => this.stalled(), CHECK_MILLISECONDS).unref();
  }

  /** Stops watching a loop, and with the last one, also the watchdog's timer. */
  forget(loop: WatchedLoop): void {
    this.loops.delete(loop);
    this.logged.delete(loop);
    if (this.loops.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Returns the names of the stalled loops, and logs each stall once. */
  stalled(): string[] {
    return [...this.loops].filter((loop) => this.isStalled(loop)).map(({ name }) => name);
  }

  private isStalled(loop: WatchedLoop): boolean {
    const reason = loop.stallReason(this.limits);
    if (reason === undefined) {
      if (this.logged.delete(loop)) this.logger.log(`The background loop ${loop.name} runs again`);
      return false;
    }
    if (!this.logged.has(loop)) {
      this.logged.add(loop);
      this.logger.error(`The background loop ${loop.name} is stalled: ${reason}`);
    }
    return true;
  }
}

/** The watchdog of all background loops of this process. */
export const loopWatchdog = new LoopWatchdog();
