import { setImmediate as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { QueueFullError } from './concurrency-limit';
import { GroupedWork, type GroupedWorkOptions, groupsAtOnce } from './grouped-work';

const BAD = new Error('a bad item');

interface Running {
  readonly items: readonly string[];
  readonly end: (results?: readonly (string | undefined)[]) => void;
  readonly fail: (error: Error) => void;
}

/** Creates work whose groups the test ends. By default the result of an item is the item in upper case. */
function manual(options: Partial<GroupedWorkOptions<string, string>> = {}) {
  const running: Running[] = [];
  const work = new GroupedWork<string, string>({
    atOnce: 1,
    group: { items: 100, bytes: 1_000 },
    queue: { items: 100, bytes: 10_000 },
    isFaultOfItem: (error) => error === BAD,
    perform: (items) =>
      new Promise((resolve, reject) => {
        running.push({
          items,
          end: (results = items.map((item) => item.toUpperCase())) => {
            resolve(results);
          },
          fail: reject,
        });
      }),
    ...options,
  });
  const runAll = (items: string, bytes = 1): Promise<PromiseSettledResult<string>[]> =>
    Promise.allSettled([...items].map((item) => work.run(item, bytes)));
  return { work, running, runAll, groups: () => running.map(({ items }) => items.join('')) };
}

const values = (settled: readonly PromiseSettledResult<string>[]): unknown[] =>
  settled.map((each) => (each.status === 'fulfilled' ? each.value : (each.reason as unknown)));

describe('GroupedWork', () => {
  it('all items that come while a group is under way are the next group, each with its own result', async () => {
    const { running, runAll, groups } = manual();
    const first = runAll('ab');
    await pause();
    const later = [runAll('c'), runAll('de')];
    await pause();
    expect(groups()).toEqual(['ab']);
    running[0]!.end();
    expect(values(await first)).toEqual(['A', 'B']);
    expect(groups()).toEqual(['ab', 'cde']);
    running[1]!.end();
    expect((await Promise.all(later)).map(values)).toEqual([['C'], ['D', 'E']]);
  });

  it('no more groups than allowed are under way', async () => {
    const { running, runAll, groups } = manual({ atOnce: 2 });
    const all = [];
    for (const item of 'abcd') {
      all.push(runAll(item));
      await pause();
    }
    expect(groups()).toEqual(['a', 'b']);
    running[1]!.end();
    await all[1];
    expect(groups()).toEqual(['a', 'b', 'cd']);
    running[0]!.end();
    running[2]!.end();
    expect((await Promise.all(all)).flatMap(values)).toEqual(['A', 'B', 'C', 'D']);
  });

  it('a group has a maximum of items and of bytes, and a large item is a group of its own', async () => {
    const { work, running, groups } = manual({ group: { items: 3, bytes: 100 } });
    const all = [...'abcdefgh'].map((item) => work.run(item, item === 'f' ? 500 : 30));
    for (let index = 0; index < 4; index += 1) {
      await pause();
      running[index]!.end();
    }
    expect((await Promise.all(all)).join('')).toBe('ABCDEFGH');
    expect(groups()).toEqual(['abc', 'de', 'f', 'gh']);
  });

  it.each([
    ['items', { items: 3, bytes: 1_000 }],
    ['bytes', { items: 100, bytes: 35 }],
  ])(
    'an item is refused at once if the queue has too many %s, and accepted when it has space',
    async (_, queue) => {
      const { work, running } = manual({ queue });
      const all = [...'abc'].map((item) => work.run(item, 10));
      await expect(work.run('d', 10)).rejects.toBeInstanceOf(QueueFullError);
      await pause();
      const next = [...'def'].map((item) => work.run(item, 10));
      await expect(work.run('g', 10)).rejects.toBeInstanceOf(QueueFullError);
      running[0]!.end();
      expect((await Promise.all(all)).join('')).toBe('ABC');
      running[1]!.end();
      expect((await Promise.all(next)).join('')).toBe('DEF');
    },
  );

  it('a bad item fails alone', async () => {
    const groups: string[] = [];
    const { runAll } = manual({
      perform: (items) => {
        groups.push(items.join(''));
        return items.includes('e')
          ? Promise.reject(BAD)
          : Promise.resolve(items.map((item) => item.toUpperCase()));
      },
    });
    expect(values(await runAll('abcdefg'))).toEqual(['A', 'B', 'C', 'D', BAD, 'F', 'G']);
    expect(groups).toEqual(['abcdefg', 'abcd', 'efg', 'ef', 'e', 'f', 'g']);
  });

  it('any other error fails the whole group, which may have had its effect, and only that group', async () => {
    const { running, runAll, groups } = manual();
    const first = runAll('abc');
    await pause();
    const next = runAll('de');
    const lost = new Error('Connection terminated unexpectedly');
    running[0]!.fail(lost);
    expect(values(await first)).toEqual([lost, lost, lost]);
    running[1]!.end();
    expect(values(await next)).toEqual(['D', 'E']);
    expect(groups()).toEqual(['abc', 'de']);
  });

  it('an item without a result is the first of the next group', async () => {
    const { running, runAll, groups } = manual();
    const first = runAll('abc');
    await pause();
    const next = runAll('d');
    running[0]!.end(['A', undefined, 'C']);
    await pause();
    expect(groups()).toEqual(['abc', 'bd']);
    running[1]!.end();
    expect([...values(await first), ...values(await next)]).toEqual(['A', 'B', 'C', 'D']);
  });

  it('an item that never has a result fails in the end', async () => {
    const { runAll } = manual({ perform: (items) => Promise.resolve(items.map(() => undefined)) });
    expect(values(await runAll('a'))).toEqual([new Error('No group had a result for an item')]);
  });

  it('whatever comes when, each item is answered once with its own result or error, in bounded groups', async () => {
    const arrivals = fc.array(
      fc.record({
        kind: fc.constantFrom('good', 'good', 'good', 'bad', 'late'),
        bytes: fc.nat({ max: 60 }),
        pauses: fc.nat({ max: 2 }),
      }),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 3 }), async (items, atOnce) => {
        let working = 0;
        const late = new Set<number>();
        const performed = new Map<number, number>();
        const work = new GroupedWork<number, string>({
          atOnce,
          group: { items: 5, bytes: 100 },
          queue: { items: 1_000, bytes: 100_000 },
          isFaultOfItem: (error) => error === BAD,
          perform: async (group) => {
            working += 1;
            expect(working).toBeLessThanOrEqual(atOnce);
            expect(group.length).toBeLessThanOrEqual(5);
            const bytes = group.reduce((sum, index) => sum + items[index]!.bytes, 0);
            expect(group.length === 1 || bytes <= 100).toBe(true);
            await pause();
            working -= 1;
            if (group.some((index) => items[index]!.kind === 'bad')) throw BAD;
            return group.map((index) => {
              if (items[index]!.kind === 'late' && !late.has(index)) {
                late.add(index);
                return undefined;
              }
              performed.set(index, (performed.get(index) ?? 0) + 1);
              return `result ${index}`;
            });
          },
        });
        const answers: Promise<PromiseSettledResult<string>[]>[] = [];
        for (const [index, { bytes, pauses }] of items.entries()) {
          answers.push(Promise.allSettled([work.run(index, bytes)]));
          for (let count = 0; count < pauses; count += 1) await pause();
        }
        expect((await Promise.all(answers)).flatMap(values)).toEqual(
          items.map(({ kind }, index) => (kind === 'bad' ? BAD : `result ${index}`)),
        );
        const good = items.flatMap(({ kind }, index) => (kind === 'bad' ? [] : [index]));
        expect([...performed].sort(([a], [b]) => a - b)).toEqual(good.map((index) => [index, 1]));
      }),
      { numRuns: 200 },
    );
  });
});

describe('groupsAtOnce', () => {
  it.each([
    [1, 1],
    [5, 1],
    [6, 2],
    [25, 2],
    [100, 2],
  ])('of %d connections, groups use %d', (connections, groups) => {
    expect(groupsAtOnce(connections)).toBe(groups);
  });
});
