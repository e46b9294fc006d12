import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { loopWatchdog } from './loop-watchdog';
import { outsideOfRequests } from './outside-of-requests';
import { WatchedLoop } from './watched-loop';

/** The pause before the next query, if the pool was woken during a query that found nothing. It bounds the queries. */
const PAUSE_MILLISECONDS = 20;

/** The options of a {@link WorkPool}. */
export interface WorkPoolOptions<Work> {
  readonly name: string;
  /** The number of workers. A piece of work that hangs blocks one worker only. */
  readonly workers: number;
  /** The interval of the queries for work while there is none. Without it, a pool queries only when it is woken. */
  readonly milliseconds?: number;
  /** Takes the next piece of work; undefined if there is none. It is not called again while it runs. */
  readonly take: () => Promise<Work | undefined>;
  readonly perform: (work: Work) => Promise<void>;
}

/** Processes work in the background with several workers. */
export class WorkPool<Work> {
  private readonly workers = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = true;
  private isTaking = false;
  private wakeUps = 0;
  private readonly watched: WatchedLoop;

  constructor(
    private readonly options: WorkPoolOptions<Work>,
    private readonly watchdog = loopWatchdog,
  ) {
    const { name, workers, milliseconds: intervalMilliseconds = Infinity } = options;
    this.watched = new WatchedLoop({ name, workers, intervalMilliseconds });
  }

  /** True if a worker has nothing to do. */
  get hasFreeWorker(): boolean {
    return !this.stopped && this.workers.size < this.options.workers;
  }

  start(): void {
    this.stopped = false;
    this.watchdog.watch(this.watched);
    const { milliseconds } = this.options;
    if (milliseconds === undefined) this.wake();
    else
      this.timer = setInterval(() => {
        this.wake();
      }, milliseconds);
  }

  /** Queries for work: now if a worker is free, otherwise when the first one is. */
  wake(): void {
    this.wakeUps += 1;
    if (this.isTaking || !this.hasFreeWorker) return;
    const worker: Promise<void> = outsideOfRequests(() => this.run())
      .catch((error: unknown) => {
        new Logger(this.options.name).error(error);
        return false;
      })
      .then((hasWorked) => {
        this.workers.delete(worker);
        // There may be more work. After an error, the next wake-up follows later.
        if (hasWorked) this.wake();
      });
    this.workers.add(worker);
  }

  /** Takes no more work, and waits for the running work. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.watchdog.forget(this.watched);
    clearInterval(this.timer);
    await Promise.all(this.workers);
  }

  /** Takes and performs one piece of work. @returns false if there is none. */
  private async run(): Promise<boolean> {
    const work = await this.take();
    if (work === undefined) return false;
    // There may be more work: another worker queries for it while this one is busy.
    this.wake();
    await this.watched.during('piece', () => this.options.perform(work));
    return true;
  }

  private async take(): Promise<Work | undefined> {
    this.isTaking = true;
    try {
      for (;;) {
        const seen = this.wakeUps;
        const work = await this.watched.during('round', () => this.options.take());
        // Work that this query did not see may have come with a wake-up while it ran.
        if (work !== undefined || this.wakeUps === seen || this.stopped) return work;
        await sleep(PAUSE_MILLISECONDS);
      }
    } finally {
      this.isTaking = false;
    }
  }
}
