import type { Report, Surroundings } from './command-line';
import { showProgress } from './progress';

/** The outcome of a row in one or two words, and the reason if it failed. */
export interface RowOutcome {
  readonly outcome: string;
  readonly failure?: string | undefined;
}

/** Rows to process in the order of their ids, in batches. */
export interface Work {
  /** Name of a row, and of the rows in the plural. */
  readonly noun: string;
  readonly plural: string;
  /** Only rows with a greater id are processed. */
  readonly after: number;
  /** Number of rows of a batch, which are processed at the same time. */
  readonly batchSize: number;
  readonly count: () => Promise<number>;
  /** Returns the next ids after the given one, ascending; none at the end. */
  readonly select: (after: number, limit: number) => Promise<readonly number[]>;
  readonly processRow: (id: number) => Promise<RowOutcome>;
}

/**
 * Processes rows batch by batch until there are no more or until it is stopped; a batch that has begun is finished.
 * Shows its progress, and reports the number of rows per outcome, each failure with its reason and, if it was stopped,
 * how to continue.
 */
export async function processInBatches(work: Work, { stop, isJson }: Surroundings): Promise<Report> {
  const { noun, plural, count, select, processRow } = work;
  const progress = showProgress({ total: await count(), noun: plural, isJson });
  const outcomes = new Map<string, number>();
  const failures: { id: number; reason: string }[] = [];
  let last = work.after;
  while (!stop.aborted) {
    const ids = await select(last, work.batchSize);
    if (ids.length === 0) break;
    const rows = await Promise.all(ids.map(async (id) => ({ id, ...(await processRow(id)) })));
    for (const { id, outcome, failure } of rows) {
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (failure !== undefined) failures.push({ id, reason: failure });
    }
    progress.advance(ids.length);
    last = ids.at(-1) ?? last;
  }
  progress.finish();
  const lines = [textOf(outcomes), ...failures.map(({ id, reason }) => `${noun} ${id}: ${reason}`)];
  const data = { outcomes: Object.fromEntries(outcomes), failures };
  const failure = failures.length === 0 ? undefined : `${failures.length} of the ${plural} failed`;
  if (!stop.aborted) return { lines, data, failure };
  const hint = `Stopped. To continue, run the same command with --after ${last}`;
  return { lines: [...lines, hint], data: { ...data, continue_after: last }, failure };
}

/** Returns the number of rows per outcome, such as `12 applied, 3 waiting`. */
function textOf(outcomes: ReadonlyMap<string, number>): string {
  if (outcomes.size === 0) return 'nothing to do';
  return [...outcomes].map(([name, count]) => `${count} ${name}`).join(', ');
}
