import { QueueFullError } from './concurrency-limit';

/** The bounds of the groups and of the queue, and the work itself. */
export interface GroupedWorkOptions<Item, Result> {
  /** The maximum number of groups under way at the same time. */
  readonly atOnce: number;
  /** The maximum of one group. A single item may have more bytes. */
  readonly group: Bounds;
  /** The maximum of all items that are not in a group yet. */
  readonly queue: Bounds;
  /**
   * Does the work of a group, in one step that has an effect completely or not at all.
   *
   * @returns the result of each item, in the sequence of the items; undefined for an item that had no effect and goes
   * into the next group.
   */
  readonly perform: (items: readonly Item[]) => Promise<readonly (Result | undefined)[]>;
  /**
   * Returns true if the step failed because of one of its items and had no effect: then each half is tried alone. Without
   * it, a step that fails does so for all of its items.
   */
  readonly isFaultOfItem?: (error: unknown) => boolean;
}

export interface Bounds {
  readonly items: number;
  /** Any number of bytes if left out. */
  readonly bytes?: number;
}

interface Entry<Item, Result> {
  readonly item: Item;
  readonly bytes: number;
  /** The further groups that the item has been in. */
  readonly rounds: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Two groups, so that the database has work while the service answers the other one. */
const GROUPS_AT_ONCE = 2;

/** Returns the number of groups under way for a pool of connections to the database: each group needs one of them. */
export function groupsAtOnce(connections: number): number {
  return Math.min(GROUPS_AT_ONCE, Math.max(1, Math.floor(connections / 3)));
}

/** An item without a result goes into a further group this often; in practice once. */
const MAXIMUM_ROUNDS = 10;

/**
 * Does work in groups: all items that came while the last group was under way are the next one. The first item of an
 * idle moment starts at the end of the current turn of the event loop, with all that came in the same turn.
 */
export class GroupedWork<Item, Result> {
  private queue: Entry<Item, Result>[] = [];
  private queuedBytes = 0;
  private working = 0;
  private isStarting = false;

  constructor(private readonly options: GroupedWorkOptions<Item, Result>) {}

  /**
   * Does the work of one item as part of a group.
   *
   * @param bytes the size of the item, if the bounds have bytes.
   * @throws QueueFullError at once if the queue has no space; otherwise the error of the item's own group.
   */
  run(item: Item, bytes = 0): Promise<Result> {
    const { items, bytes: maximumBytes = Infinity } = this.options.queue;
    if (this.queue.length >= items || this.queuedBytes + bytes > maximumBytes)
      return Promise.reject(new QueueFullError());
    return new Promise((resolve, reject) => {
      this.queue.push({ item, bytes, rounds: 0, resolve, reject });
      this.queuedBytes += bytes;
      this.startSoon();
    });
  }

  private startSoon(): void {
    if (this.isStarting || this.working >= this.options.atOnce) return;
    this.isStarting = true;
    setImmediate(() => {
      this.isStarting = false;
      this.start();
    });
  }

  /** Starts the next groups, as many as may be under way. */
  private start(): void {
    while (this.queue.length > 0 && this.working < this.options.atOnce) {
      this.working += 1;
      void this.perform(this.takeGroup(), (answers) => {
        this.working -= 1;
        // The database works on the next group while this one is answered.
        this.start();
        for (const answer of answers) answer();
      });
    }
  }

  private takeGroup(): Entry<Item, Result>[] {
    const { items, bytes: maximumBytes = Infinity } = this.options.group;
    let bytes = 0;
    let count = 0;
    for (const entry of this.queue) {
      if (count === items || (count > 0 && bytes + entry.bytes > maximumBytes)) break;
      bytes += entry.bytes;
      count += 1;
    }
    this.queuedBytes -= bytes;
    return this.queue.splice(0, count);
  }

  /** Does the work of a group, and passes the functions that answer its items to `end`. */
  private async perform(
    group: readonly Entry<Item, Result>[],
    end: (answers: readonly (() => void)[]) => void,
  ): Promise<void> {
    const answers: (() => void)[] = [];
    await this.settle(group, answers);
    end(answers);
  }

  private async settle(group: readonly Entry<Item, Result>[], answers: (() => void)[]): Promise<void> {
    let results: readonly (Result | undefined)[];
    try {
      results = await this.options.perform(group.map(({ item }) => item));
    } catch (error) {
      if (group.length > 1 && this.options.isFaultOfItem?.(error) === true) {
        const middle = Math.ceil(group.length / 2);
        await this.settle(group.slice(0, middle), answers);
        await this.settle(group.slice(middle), answers);
      } else
        answers.push(
          ...group.map((entry) => () => {
            entry.reject(error);
          }),
        );
      return;
    }
    const again: Entry<Item, Result>[] = [];
    group.forEach((entry, index) => {
      const result = results[index];
      if (result !== undefined)
        answers.push(() => {
          entry.resolve(result);
        });
      else if (entry.rounds === MAXIMUM_ROUNDS)
        answers.push(() => {
          entry.reject(new Error('No group had a result for an item'));
        });
      else again.push({ ...entry, rounds: entry.rounds + 1 });
    });
    this.queue.unshift(...again);
    this.queuedBytes += again.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}
