import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DueWork, SchemaState } from '../../database';

/** The polls during which a change is looked for: longer than any transaction, whose number may be older than others. */
const POLLS = 20;

/** The number of the newest change at each of the last polls. */
export class PollWindow {
  private readonly polled: number[] = [];

  /** True before the first poll. */
  isEmpty(): boolean {
    return this.polled.length === 0;
  }

  /** Adds a poll. @returns the number at the oldest of the polls before it; undefined if it is the first one. */
  add(newest: number): number | undefined {
    const before = this.polled[0];
    this.polled.push(newest);
    if (this.polled.length > POLLS) this.polled.shift();
    return before;
  }
}

/** Is given the number of the newest status change that is committed; 0 if there is none. */
export type PollListener = (newest: number) => Promise<void>;

/** Reads the number of the newest status change with each poll of the instance, once for all that look for changes. */
@Injectable()
export class ChangePolls implements OnApplicationBootstrap {
  private readonly logger = new Logger('ChangePolls');
  private readonly listeners: PollListener[] = [];

  constructor(
    private readonly schema: SchemaState,
    private readonly dueWork: DueWork,
  ) {}

  /** Adds a listener. What it throws is logged; the next poll calls it again. */
  onPoll(listener: PollListener): void {
    this.listeners.push(listener);
  }

  onApplicationBootstrap(): void {
    this.schema.whenReady(() => {
      this.dueWork.add({
        sql: 'SELECT max(id) FROM order_status_changes',
        onAnswer: (newest) => {
          for (const listener of this.listeners)
            void listener(Number(newest)).catch((error: unknown) => {
              this.logger.error(error);
            });
        },
      });
    });
  }
}
