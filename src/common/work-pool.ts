import { Logger } from '@nestjs/common';
import { loopWatchdog } from './loop-watchdog';
import { WatchedLoop } from './watched-loop';

/** Work that is taken piece by piece. */
export interface WorkPoolOptions<Work> {
  readonly name: string;
  /** Concurrency limit: the number of pieces at once. A piece that hangs occupies one worker, not the others. */
  readonly workers: number;
  /** How often it is looked for work, in milliseconds, while there is none. */
  readonly milliseconds: number;
  readonly take: () => Promise<Work | undefined>;
  readonly perform: (work: Work) => Promise<void>;
}

/** Does work in the background with several workers. Idle, it polls for work; busy, its workers take the next piece. */
export class WorkPool<Work> {
  private readonly workers = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = true;
  private readonly watched: WatchedLoop;

  constructor(
    private readonly options: WorkPoolOptions<Work>,
    private readonly watchdog = loopWatchdog,
  ) {
    const { name, workers, milliseconds: intervalMilliseconds } = options;
    this.watched = new WatchedLoop({ name, workers, intervalMilliseconds });
  }

  start(): void {
    this.stopped = false;
    this.watchdog.watch(this.watched);
    this.timer = setInterval(() => {
      this.wake();
    }, this.options.milliseconds);
  }

  /** Looks for work now. */
  wake(): void {
    if (this.stopped || this.workers.size >= this.options.workers) return;
    const worker = this.run().catch((error: unknown) => {
      new Logger(this.options.name).error(error);
    });
    this.workers.add(worker);
    void worker.finally(() => this.workers.delete(worker));
  }

  /** Takes no more work, and waits for what is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.watchdog.forget(this.watched);
    clearInterval(this.timer);
    await Promise.all(this.workers);
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const work = await this.watched.during('round', () => this.options.take());
      if (work === undefined) return;
      // After one piece there may be more: another worker takes the next while this one works.
      this.wake();
      await this.watched.during('piece', () => this.options.perform(work));
    }
  }
}
