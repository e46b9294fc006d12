import { Logger } from '@nestjs/common';
import { loopWatchdog } from './loop-watchdog';
import { WatchedLoop } from './watched-loop';

/** Repeats work in the background at an interval, one round at a time, until it is stopped. */
export class BackgroundLoop {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private stopped = true;
  private readonly watched: WatchedLoop;

  /**
   * @param milliseconds the time from the end of a round to the next one.
   * @param work a round. Its errors are logged, and the next round follows.
   */
  constructor(
    private readonly name: string,
    private readonly milliseconds: number,
    private readonly work: () => Promise<void>,
    private readonly watchdog = loopWatchdog,
  ) {
    this.watched = new WatchedLoop({ name, intervalMilliseconds: milliseconds, workers: 1 });
  }

  start(): void {
    this.stopped = false;
    this.watchdog.watch(this.watched);
    this.schedule();
  }

  /** Starts no further round, and waits for the running one. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.watchdog.forget(this.watched);
    clearTimeout(this.timer);
    await this.round;
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.round = this.run();
    }, this.milliseconds);
  }

  private async run(): Promise<void> {
    try {
      await this.watched.during('round', this.work);
    } catch (error) {
      new Logger(this.name).error(error);
    }
    if (!this.stopped) this.schedule();
  }
}
