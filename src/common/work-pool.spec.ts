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
});
