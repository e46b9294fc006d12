import { Logger } from '@nestjs/common';

/** Work that is claimed piece by piece. */
export interface WorkPoolOptions<Work> {
  readonly name: string;
  /** How many pieces may be under way at once: one that hangs keeps one lane, not the others. */
  readonly lanes: number;
  /** How often it is looked for work, in milliseconds, while there is none. */
  readonly milliseconds: number;
  readonly claim: () => Promise<Work | undefined>;
  readonly perform: (work: Work) => Promise<void>;
}

/** Does work in the background, in several lanes: idle, it asks for work once in a while; busy, all lanes take their share. */
export class WorkPool<Work> {
  private readonly lanes = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = true;

  constructor(private readonly options: WorkPoolOptions<Work>) {}

  start(): void {
    this.stopped = false;
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
    clearInterval(this.timer);
    await Promise.all(this.lanes);
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const work = await this.options.claim();
      if (work === undefined) return;
      // Where there was one piece there may be more: another lane looks while this one works.
      this.nudge();
      await this.options.perform(work);
    }
  }
}
