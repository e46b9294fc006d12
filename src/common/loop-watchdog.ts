import { Logger } from '@nestjs/common';
import type { StallLimits, WatchedLoop } from './watched-loop';

const LIMITS: StallLimits = {
  roundMilliseconds: 60_000,
  pieceMilliseconds: 5 * 60_000,
  lateMilliseconds: 60_000,
};

const LOOK_MILLISECONDS = 10_000;

/** Finds background loops that have come to a halt: a process whose requests are answered shows nothing of that. */
export class LoopWatchdog {
  private readonly logger = new Logger('LoopWatchdog');
  private readonly loops = new Set<WatchedLoop>();
  private readonly logged = new Set<WatchedLoop>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly limits: StallLimits = LIMITS) {}

  /** Counts the loops that are watched. */
  get size(): number {
    return this.loops.size;
  }

  /** Watches a loop that starts. */
  watch(loop: WatchedLoop): void {
    loop.begin();
    this.loops.add(loop);
    this.timer ??= setInterval(() => this.stalled(), LOOK_MILLISECONDS).unref();
  }

  /** Forgets a loop that stops; with the last one, nothing is left of the watchdog either. */
  forget(loop: WatchedLoop): void {
    this.loops.delete(loop);
    this.logged.delete(loop);
    if (this.loops.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Names the loops that are stalled now, and logs each of them once for each time that it stalls. */
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

/** Watches the loops of this process, from the start of each to its stop. */
export const loopWatchdog = new LoopWatchdog();
