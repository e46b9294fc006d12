import { Logger } from '@nestjs/common';
import { BackgroundLoop } from './background-loop';
import { LoopWatchdog, loopWatchdog } from './loop-watchdog';
import { WorkPool } from './work-pool';

const LIMITS = { roundMilliseconds: 1_000, pieceMilliseconds: 5_000, lateMilliseconds: 1_000 };
const INTERVAL_MILLISECONDS = 100;

/** Creates a promise, with the function that fulfils it. */
function gate(): { passed: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

/** Runs `look` as if a time had passed in which no timer fired. */
function withoutTimers<Value>(milliseconds: number, look: () => Value): Value {
  const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + milliseconds);
  try {
    return look();
  } finally {
    clock.mockRestore();
  }
}

describe('LoopWatchdog', () => {
  let watchdog: LoopWatchdog;
  let errors: jest.SpyInstance;
  let logs: jest.SpyInstance;

  beforeEach(() => {
    jest.useFakeTimers();
    errors = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    logs = jest.spyOn(Logger.prototype, 'log').mockReturnValue(undefined);
    watchdog = new LoopWatchdog(LIMITS);
  });

  afterEach(() => {
    expect(watchdog.size).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
    errors.mockRestore();
    logs.mockRestore();
  });

  const loopOf = (work: () => Promise<void>): BackgroundLoop =>
    new BackgroundLoop('Sweep', INTERVAL_MILLISECONDS, work, watchdog);

  const poolOf = (workers: number, pieces: (() => Promise<void>)[]): WorkPool<() => Promise<void>> =>
    new WorkPool(
      {
        name: 'Pieces',
        workers,
        milliseconds: INTERVAL_MILLISECONDS,
        take: () => Promise.resolve(pieces.shift()),
        perform: (piece) => piece(),
      },
      watchdog,
    );

  it('a loop whose rounds end or fail is not stalled', async () => {
    const loop = loopOf(() => Promise.reject(new Error('no')));
    loop.start();
    await jest.advanceTimersByTimeAsync(20_000);
    expect(watchdog.stalled()).toEqual([]);
    await loop.stop();
  });

  it('a loop whose round does not end is reported, logged once, and logged when it runs again', async () => {
    const { passed, open } = gate();
    const loop = loopOf(() => passed);
    loop.start();
    await jest.advanceTimersByTimeAsync(INTERVAL_MILLISECONDS + LIMITS.roundMilliseconds);
    expect(watchdog.stalled()).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(watchdog.stalled()).toEqual(['Sweep']);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(watchdog.stalled()).toEqual(['Sweep']);
    expect(errors.mock.calls).toEqual([['The background loop Sweep is stalled: one round has run for 1 s']]);
    open();
    await jest.advanceTimersByTimeAsync(INTERVAL_MILLISECONDS);
    expect(watchdog.stalled()).toEqual([]);
    expect(logs).toHaveBeenCalledWith('The background loop Sweep runs again');
    await loop.stop();
  });

  it('a stalled loop is logged without a health check', async () => {
    const { passed, open } = gate();
    const loop = loopOf(() => passed);
    loop.start();
    await jest.advanceTimersByTimeAsync(15_000);
    expect(errors).toHaveBeenCalledTimes(1);
    open();
    await loop.stop();
  });

  it('a loop whose next round does not start is reported', async () => {
    const loop = loopOf(() => Promise.resolve());
    loop.start();
    await jest.advanceTimersByTimeAsync(INTERVAL_MILLISECONDS);
    const lateMilliseconds = INTERVAL_MILLISECONDS + LIMITS.lateMilliseconds;
    expect(withoutTimers(lateMilliseconds, () => watchdog.stalled())).toEqual([]);
    expect(withoutTimers(lateMilliseconds + 1, () => watchdog.stalled())).toEqual(['Sweep']);
    await loop.stop();
  });

  it('a stopped loop is not watched, even while its last round is running', async () => {
    const { passed, open } = gate();
    const loop = loopOf(() => passed);
    loop.start();
    await jest.advanceTimersByTimeAsync(INTERVAL_MILLISECONDS);
    const stopping = loop.stop();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(watchdog.stalled()).toEqual([]);
    open();
    await stopping;
  });

  it('a loop that is started again is watched like a new one', async () => {
    const loop = loopOf(() => Promise.resolve());
    loop.start();
    await loop.stop();
    await jest.advanceTimersByTimeAsync(60_000);
    loop.start();
    expect(watchdog.stalled()).toEqual([]);
    await loop.stop();
  });

  it.each([1, 2])(
    'a long piece of work is reported only after its limit, with %i workers',
    async (workers) => {
      const { passed, open } = gate();
      const pool = poolOf(workers, [() => passed]);
      pool.start();
      await jest.advanceTimersByTimeAsync(INTERVAL_MILLISECONDS + LIMITS.pieceMilliseconds);
      expect(watchdog.stalled()).toEqual([]);
      await jest.advanceTimersByTimeAsync(1);
      expect(watchdog.stalled()).toEqual(['Pieces']);
      open();
      await jest.advanceTimersByTimeAsync(INTERVAL_MILLISECONDS);
      expect(watchdog.stalled()).toEqual([]);
      await pool.stop();
    },
  );

  it('a pool whose query for work never ends is reported', async () => {
    const { passed, open } = gate();
    const options = { name: 'Pieces', workers: 3, milliseconds: INTERVAL_MILLISECONDS };
    const take = (): Promise<undefined> => passed.then(() => undefined);
    const pool = new WorkPool({ ...options, take, perform: () => Promise.resolve() }, watchdog);
    pool.start();
    await jest.advanceTimersByTimeAsync(INTERVAL_MILLISECONDS + LIMITS.roundMilliseconds + 1);
    expect(watchdog.stalled()).toEqual(['Pieces']);
    open();
    await pool.stop();
  });

  it('a pool that queries no more work although a worker is free is reported', async () => {
    const { passed, open } = gate();
    const pool = poolOf(2, [() => passed]);
    pool.start();
    await jest.advanceTimersByTimeAsync(INTERVAL_MILLISECONDS);
    const lateMilliseconds = INTERVAL_MILLISECONDS + LIMITS.lateMilliseconds + 1;
    expect(withoutTimers(lateMilliseconds, () => watchdog.stalled())).toEqual(['Pieces']);
    open();
    await pool.stop();
  });
});

describe('The watchdog of the process', () => {
  it('every loop and pool is watched from its start to its stop', async () => {
    const before = loopWatchdog.size;
    const loop = new BackgroundLoop('Sweep', 1_000, () => Promise.resolve());
    const take = (): Promise<undefined> => Promise.resolve(undefined);
    const perform = (): Promise<void> => Promise.resolve();
    const pool = new WorkPool({ name: 'Pieces', workers: 1, milliseconds: 1_000, take, perform });
    loop.start();
    pool.start();
    expect(loopWatchdog.size).toBe(before + 2);
    await Promise.all([loop.stop(), pool.stop()]);
    expect(loopWatchdog.size).toBe(before);
  });
});
