/** Ids that are worked on in their order, some at a time. */
export interface Batches {
  /** The id after which to begin. */
  readonly after: number;
  readonly size: number;
  readonly stop: AbortSignal;
  /** The next ids after one, ascending; none at the end. */
  readonly select: (after: number, limit: number) => Promise<readonly number[]>;
  readonly work: (id: number) => Promise<void>;
  readonly onDone: (count: number) => void;
}

/**
 * Works on ids batch by batch until there are no more, or until it is stopped; a batch that was begun is finished.
 *
 * @returns the last id up to which all are done: where another run may go on.
 */
export async function inBatches({ after, size, stop, select, work, onDone }: Batches): Promise<number> {
  let last = after;
  while (!stop.aborted) {
    const ids = await select(last, size);
    if (ids.length === 0) break;
    await Promise.all(ids.map(work));
    onDone(ids.length);
    last = ids.at(-1) ?? last;
  }
  return last;
}

/** `12 applied, 3 waiting`: how many of each there are. */
export function tally(): { add: (name: string) => void; text: () => string } {
  const counts = new Map<string, number>();
  return {
    add: (name) => counts.set(name, (counts.get(name) ?? 0) + 1),
    text: () =>
      counts.size === 0 ? 'nothing to do' : [...counts].map(([name, count]) => `${count} ${name}`).join(', '),
  };
}
