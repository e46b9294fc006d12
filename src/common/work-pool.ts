import { Logger } from '@nestjs/common';
import { loopWatchdog } from './loop-watchdog';
import { WatchedLoop } from './watched-loop';

/** Work that is taken piece by piece. */
export interface WorkPoolOptions<Work> {
  readonly name: string;
  /** How many pieces may be under way at once: one that hangs keeps one lane, not the others. */
  readonly lanes: number;
  /** How often it is looked for work, in milliseconds, while there is none. */
  readonly milliseconds: number;
  readonly take: () => Promise<Work | undefined>;
  readonly perform: (work: Work) => Promise<void>;
}

/** Does work in the background, in several lanes: idle, it asks for work once in a while; busy, all lanes take their share. */
export class WorkPool<Work> {
  private readonly lanes = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = true;
  private readonly watched: WatchedLoop;

  constructor(
    private readonly options: WorkPoolOptions<Work>,
    private readonly watchdog = loopWatchdog,
  ) {
    const { name, lanes, milliseconds: intervalMilliseconds } = options;
    this.watched = new WatchedLoop({ name, lanes, intervalMilliseconds });
  }

  start(): void {
    this.stopped = false;
    this.watchdog.watch(this.watched);
    this.timer = setInterval(() => {
      this.nudge();
    }, this.options.milliseconds);
  }

  /** Looks for work now. */
  nudge(): void {
    if (this.stopped || this.lanes.size >= this.options.lanes) return;
    const lane = this.run().catch((error: unknown) => {
      new Logger(this.options.name).error(error);
    });
    this.lanes.add(lane);
    void lane.finally(() => this.lanes.delete(lane));
  }

  /** Takes no more work, and waits for what is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.watchdog.forget(this.watched);
    clearInterval(this.timer);
    await Promise.all(this.lanes);
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const work = await this.watched.during('round', () => this.options.take());
      if (work === undefined) return;
      // Where there was one piece there may be more: another lane looks while this one works.
      this.nudge();
      await this.watched.during('piece', () => this.options.perform(work));
    }
  }
}
