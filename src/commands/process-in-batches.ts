import { showProgress } from './progress';
import type { CommandContext } from './run-command';

/** Rows to process in the order of their ids, in batches. */
export interface Work {
  /** Name of the rows, in the plural. */
  readonly noun: string;
  /** Only rows with a greater id are processed. */
  readonly after: number;
  /** Number of rows of a batch, which are processed at the same time. */
  readonly batchSize: number;
  readonly count: () => Promise<number>;
  /** Returns the next ids after the given one, ascending; none at the end. */
  readonly select: (after: number, limit: number) => Promise<readonly number[]>;
  /** Processes one row and returns its outcome in a word or two. */
  readonly processRow: (id: number) => Promise<string>;
}

/**
 * Processes rows batch by batch until there are no more or until it is stopped; a batch that has begun is finished.
 * Shows its progress, and at the end the number of rows per outcome. If it was stopped, shows how to continue.
 */
export async function processInBatches(
  { noun, after, batchSize, count, select, processRow }: Work,
  { stop, writeLine }: Pick<CommandContext, 'stop' | 'writeLine'>,
): Promise<void> {
  const progress = showProgress({ total: await count(), noun });
  const outcomes = new Map<string, number>();
  let last = after;
  while (!stop.aborted) {
    const ids = await select(last, batchSize);
    if (ids.length === 0) break;
    for (const outcome of await Promise.all(ids.map(processRow)))
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    progress.advance(ids.length);
    last = ids.at(-1) ?? last;
  }
  progress.finish();
  writeLine(textOf(outcomes));
  if (stop.aborted) writeLine(`Stopped. To continue, run the same command with --after ${last}`);
}

/** Returns the number of rows per outcome, such as `12 applied, 3 waiting`. */
function textOf(outcomes: ReadonlyMap<string, number>): string {
  if (outcomes.size === 0) return 'nothing to do';
  return [...outcomes].map(([name, count]) => `${count} ${name}`).join(', ');
}
