import { Logger } from '@nestjs/common';
import { loopWatchdog } from './loop-watchdog';
import { outsideOfRequests } from './outside-of-requests';
import { WatchedLoop } from './watched-loop';

/** One round. @returns the milliseconds until the next one, if it should not be that of the loop. */
export type Round = () => Promise<void> | Promise<number | undefined>;

/** Repeats work in the background, one round at a time, until it is stopped. */
export class BackgroundLoop {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;
  private stopped = true;
  private isWoken = false;
  private readonly watched: WatchedLoop;

  /**
   * @param milliseconds the time from the end of a round to the next one; Infinity if rounds begin only by `wake`.
   * @param work a round. Its errors are logged, and the next round follows.
   */
  constructor(
    private readonly name: string,
    private readonly milliseconds: number,
    private readonly work: Round,
    private readonly watchdog = loopWatchdog,
  ) {
    this.watched = new WatchedLoop({ name, intervalMilliseconds: milliseconds, workers: 1 });
  }

  start(): void {
    this.stopped = false;
    this.watchdog.watch(this.watched);
    this.schedule(this.milliseconds);
  }

  /** Begins a round now or, if one is running, immediately after it. */
  wake(): void {
    if (this.stopped) return;
    this.isWoken = this.round !== undefined;
    if (!this.isWoken) this.begin();
  }

  /** Starts no further round, and waits for the running one. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.watchdog.forget(this.watched);
    clearTimeout(this.timer);
    await this.round;
  }

  private schedule(milliseconds: number): void {
    if (milliseconds === Infinity) return;
    this.timer = setTimeout(() => {
      this.begin();
    }, milliseconds);
  }

  private begin(): void {
    clearTimeout(this.timer);
    this.isWoken = false;
    this.round = outsideOfRequests(() => this.run()).then((next) => {
      this.round = undefined;
      if (this.stopped) return;
      if (this.isWoken) this.begin();
      else this.schedule(next);
    });
  }

  /** Runs one round. @returns the milliseconds until the next one. */
  private async run(): Promise<number> {
    try {
      const next = await this.watched.during<unknown>('round', this.work);
      return typeof next === 'number' ? next : this.milliseconds;
    } catch (error) {
      new Logger(this.name).error(error);
      return this.milliseconds;
    }
  }
}
