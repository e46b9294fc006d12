import { Logger } from '@nestjs/common';
import { loopWatchdog } from './loop-watchdog';
import { WatchedLoop } from './watched-loop';

/** The options of a {@link WorkPool}. */
export interface WorkPoolOptions<Work> {
  readonly name: string;
  /** The number of workers. A piece of work that hangs blocks one worker only. */
  readonly workers: number;
  /** The interval of the queries for work while there is none. */
  readonly milliseconds: number;
  /** Takes the next piece of work; undefined if there is none. */
  readonly take: () => Promise<Work | undefined>;
  readonly perform: (work: Work) => Promise<void>;
}

/** Processes work in the background with several workers. An idle pool queries for work at an interval. */
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

  /** Queries for work now, if a worker is free. */
  wake(): void {
    if (this.stopped || this.workers.size >= this.options.workers) return;
    const worker = this.run().catch((error: unknown) => {
      new Logger(this.options.name).error(error);
    });
    this.workers.add(worker);
    void worker.finally(() => this.workers.delete(worker));
  }

  /** Takes no more work, and waits for the running work. */
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
      // There may be more work: another worker queries for it while this one is busy.
      this.wake();
      await this.watched.during('piece', () => this.options.perform(work));
    }
  }
}
