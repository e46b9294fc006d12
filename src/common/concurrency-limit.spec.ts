import { setImmediate as pause } from 'node:timers/promises';
import { ConcurrencyLimit, QueueFullError } from './concurrency-limit';

/** Starts pieces of work that the test ends, and records their states. */
function works(turns: ConcurrencyLimit, count: number) {
  const ends: (() => void)[] = [];
  const started: number[] = [];
  const results = Array.from({ length: count }, (_, index) =>
    turns.run(async () => {
      started.push(index);
      await new Promise<void>((end) => (ends[index] = end));
      return index;
    }),
  );
  return { ends, started, results };
}

describe('ConcurrencyLimit', () => {
  it('a limited number of pieces of work run at once, and the others wait in order', async () => {
    const { ends, started, results } = works(new ConcurrencyLimit({ atOnce: 2, waiting: 10 }), 5);
    await pause();
    expect(started).toEqual([0, 1]);
    ends[1]!();
    await pause();
    expect(started).toEqual([0, 1, 2]);
    ends[0]!();
    ends[2]!();
    await pause();
    expect(started).toEqual([0, 1, 2, 3, 4]);
    ends[3]!();
    ends[4]!();
    expect(await Promise.all(results)).toEqual([0, 1, 2, 3, 4]);
  });

  it('work is refused at once when the queue is full', async () => {
    const turns = new ConcurrencyLimit({ atOnce: 1, waiting: 1 });
    const { ends, results } = works(turns, 3);
    await expect(results[2]).rejects.toBeInstanceOf(QueueFullError);
    ends[0]!();
    await pause();
    ends[1]!();
    expect(await Promise.all(results.slice(0, 2))).toEqual([0, 1]);
    expect(await turns.run(() => Promise.resolve('again'))).toBe('again');
  });

  it('work that fails frees its slot', async () => {
    const turns = new ConcurrencyLimit({ atOnce: 1, waiting: 5 });
    const failed = turns.run(() => Promise.reject(new Error('no')));
    const next = turns.run(() => Promise.resolve('done'));
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('done');
  });
});
