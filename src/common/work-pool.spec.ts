import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { WorkPool } from './work-pool';

interface Setting {
  readonly pieces: number[];
  readonly done: number[];
  most: number;
}

function poolOf(
  workers: number,
  perform: (piece: number) => Promise<void>,
): { pool: WorkPool<number>; seen: Setting } {
  const seen: Setting = { pieces: [], done: [], most: 0 };
  let running = 0;
  const pool = new WorkPool<number>({
    name: 'Test',
    workers,
    milliseconds: 5,
    take: () => Promise.resolve(seen.pieces.shift()),
    perform: async (piece) => {
      running += 1;
      seen.most = Math.max(seen.most, running);
      try {
        await perform(piece);
        seen.done.push(piece);
      } finally {
        running -= 1;
      }
    },
  });
  return { pool, seen };
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await sleep(2);
};

describe('WorkPool', () => {
  it('all pieces of work are done, with at most the configured number of workers', async () => {
    const { pool, seen } = poolOf(3, () => sleep(5));
    seen.pieces.push(...Array.from({ length: 30 }, (_, index) => index));
    pool.start();
    await until(() => seen.done.length === 30);
    await pool.stop();
    expect(seen.most).toBe(3);
    expect(new Set(seen.done).size).toBe(30);
  });

  it('a piece of work that hangs does not block the other workers', async () => {
    let release = (): void => undefined;
    const hanging = new Promise<void>((resolve) => (release = resolve));
    const { pool, seen } = poolOf(2, (piece) => (piece === 0 ? hanging : Promise.resolve()));
    seen.pieces.push(0, 1, 2, 3);
    pool.start();
    await until(() => seen.done.length === 3);
    seen.pieces.push(4);
    await until(() => seen.done.includes(4));
    release();
    await pool.stop();
    expect(seen.done).toContain(0);
  });

  it('a pool continues after a piece of work that fails', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    const { pool, seen } = poolOf(1, (piece) =>
      piece === 0 ? Promise.reject(new Error('no')) : Promise.resolve(),
    );
    seen.pieces.push(0, 1);
    pool.start();
    await until(() => seen.done.length === 1);
    await pool.stop();
    expect(logged).toHaveBeenCalledTimes(1);
    logged.mockRestore();
  });

  it('a stop waits for the running work and takes no more', async () => {
    const { pool, seen } = poolOf(1, () => sleep(30));
    seen.pieces.push(0, 1);
    pool.start();
    await until(() => seen.most === 1);
    await pool.stop();
    expect([seen.done, seen.pieces]).toEqual([[0], [1]]);
    pool.wake();
    await sleep(10);
    expect(seen.pieces).toEqual([1]);
  });

  describe('without an interval', () => {
    const wokenPool = (
      take: () => Promise<number | undefined>,
      perform = (): Promise<void> => Promise.resolve(),
    ): WorkPool<number> => new WorkPool<number>({ name: 'Test', workers: 3, take, perform });

    it('a pool queries for work at its start and when it is woken', async () => {
      const take = jest.fn(() => Promise.resolve(undefined));
      const pool = wokenPool(take);
      pool.start();
      await sleep(40);
      expect(take).toHaveBeenCalledTimes(1);
      pool.wake();
      await sleep(40);
      expect(take).toHaveBeenCalledTimes(2);
      await pool.stop();
    });

    it('a pool that is woken during a query without work queries again, once for all wake-ups', async () => {
      const pieces: number[] = [];
      const done: number[] = [];
      let queries = 0;
      const pool = new WorkPool<number>({
        name: 'Test',
        workers: 3,
        take: async () => {
          queries += 1;
          const piece = pieces.shift();
          await sleep(10);
          return piece;
        },
        perform: (piece) => Promise.resolve(void done.push(piece)),
      });
      pool.start();
      // The query has begun already, and does not see this piece.
      pieces.push(7);
      for (let wakeUp = 0; wakeUp < 100; wakeUp += 1) pool.wake();
      await until(() => done.length === 1);
      await sleep(60);
      await pool.stop();
      // One that found nothing, one with the piece, and one or two after it.
      expect(queries).toBeLessThan(6);
      expect(done).toEqual([7]);
    });

    it('a pool never has two queries for work at the same time', async () => {
      let running = 0;
      let most = 0;
      let left = 20;
      const pool = wokenPool(
        async () => {
          running += 1;
          most = Math.max(most, running);
          await sleep(1);
          running -= 1;
          left -= 1;
          return left >= 0 ? left : undefined;
        },
        () => sleep(2),
      );
      pool.start();
      await until(() => left < 0);
      await pool.stop();
      expect(most).toBe(1);
    });
  });
});
