import { showProgress } from './progress';
import type { CommandContext } from './run-command';

/** Rows that are worked on in the order of their ids, some at a time. */
export interface Work {
  /** What the rows are, in the plural. */
  readonly what: string;
  /** The id after which to begin. */
  readonly after: number;
  /** How many are worked on at once. */
  readonly size: number;
  readonly count: () => Promise<number>;
  /** The next ids after one, ascending; none at the end. */
  readonly select: (after: number, limit: number) => Promise<readonly number[]>;
  /** Works on one, and says in a word or two what became of it. */
  readonly perform: (id: number) => Promise<string>;
}

/**
 * Works on rows batch by batch until there are no more, or until it is stopped; a batch that was begun is finished.
 * Shows how far it is, and says at the end what became of them and, where it was stopped, how to go on.
 */
export async function workThrough(
  { what, after, size, count, select, perform }: Work,
  { stop, say }: Pick<CommandContext, 'stop' | 'say'>,
): Promise<void> {
  const progress = showProgress({ total: await count(), what });
  const outcomes = new Map<string, number>();
  let last = after;
  while (!stop.aborted) {
    const ids = await select(last, size);
    if (ids.length === 0) break;
    for (const outcome of await Promise.all(ids.map(perform)))
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    progress.advance(ids.length);
    last = ids.at(-1) ?? last;
  }
  progress.finish();
  say(textOf(outcomes));
  if (stop.aborted) say(`Stopped. To go on: the same command with --after ${last}`);
}

/** `12 applied, 3 waiting`: how many of each there are. */
function textOf(outcomes: ReadonlyMap<string, number>): string {
  if (outcomes.size === 0) return 'nothing to do';
  return [...outcomes].map(([name, count]) => `${count} ${name}`).join(', ');
}
