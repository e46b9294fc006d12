import { Logger } from '@nestjs/common';
import { BackgroundLoop } from './background-loop';
import { LoopWatchdog, loopWatchdog } from './loop-watchdog';
import { WorkPool } from './work-pool';

const LIMITS = { roundMilliseconds: 1_000, pieceMilliseconds: 5_000, lateMilliseconds: 1_000 };
const INTERVAL_MILLISECONDS = 100;

/** A promise, and how to fulfil it. */
function gate(): { passed: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

/** Looks at something as it is when so much time has passed without any timer that fired. */
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

  const poolOf = (lanes: number, pieces: (() => Promise<void>)[]): WorkPool<() => Promise<void>> =>
    new WorkPool(
      {
        name: 'Pieces',
        lanes,
        milliseconds: INTERVAL_MILLISECONDS,
        take: () => Promise.resolve(pieces.shift()),
        perform: (piece) => piece(),
      },
      watchdog,
    );

  it('is content with loops whose rounds come and go, or fail', async () => {
    const loop = loopOf(() => Promise.reject(new Error('no')));
    loop.start();
    await jest.advanceTimersByTimeAsync(20_000);
    expect(watchdog.stalled()).toEqual([]);
    await loop.stop();
  });

  it('names a loop whose round does not end, logs it once, and says when it runs again', async () => {
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

  it('logs a stalled loop though nobody asks', async () => {
    const { passed, open } = gate();
    const loop = loopOf(() => passed);
    loop.start();
    await jest.advanceTimersByTimeAsync(15_000);
    expect(errors).toHaveBeenCalledTimes(1);
    open();
    await loop.stop();
  });

  it('names a loop whose next round does not come', async () => {
    const loop = loopOf(() => Promise.resolve());
    loop.start();
    await jest.advanceTimersByTimeAsync(INTERVAL_MILLISECONDS);
    const lateMilliseconds = INTERVAL_MILLISECONDS + LIMITS.lateMilliseconds;
    expect(withoutTimers(lateMilliseconds, () => watchdog.stalled())).toEqual([]);
    expect(withoutTimers(lateMilliseconds + 1, () => watchdog.stalled())).toEqual(['Sweep']);
    await loop.stop();
  });

  it('does not watch a loop that is stopped, even while its last round is under way', async () => {
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

  it('watches a loop that is started again as if it were new', async () => {
    const loop = loopOf(() => Promise.resolve());
    loop.start();
    await loop.stop();
    await jest.advanceTimersByTimeAsync(60_000);
    loop.start();
    expect(watchdog.stalled()).toEqual([]);
    await loop.stop();
  });

  it.each([1, 2])('lets a piece of work take long, but not for ever, with %i lanes', async (lanes) => {
    const { passed, open } = gate();
    const pool = poolOf(lanes, [() => passed]);
    pool.start();
    await jest.advanceTimersByTimeAsync(INTERVAL_MILLISECONDS + LIMITS.pieceMilliseconds);
    expect(watchdog.stalled()).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(watchdog.stalled()).toEqual(['Pieces']);
    open();
    await jest.advanceTimersByTimeAsync(INTERVAL_MILLISECONDS);
    expect(watchdog.stalled()).toEqual([]);
    await pool.stop();
  });

  it('names a pool that waits for ever for an answer to its question for work', async () => {
    const { passed, open } = gate();
    const options = { name: 'Pieces', lanes: 3, milliseconds: INTERVAL_MILLISECONDS };
    const take = (): Promise<undefined> => passed.then(() => undefined);
    const pool = new WorkPool({ ...options, take, perform: () => Promise.resolve() }, watchdog);
    pool.start();
    await jest.advanceTimersByTimeAsync(INTERVAL_MILLISECONDS + LIMITS.roundMilliseconds + 1);
    expect(watchdog.stalled()).toEqual(['Pieces']);
    open();
    await pool.stop();
  });

  it('names a pool that asks no more, though a lane is free', async () => {
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
  it('watches every loop and pool from its start to its stop', async () => {
    const before = loopWatchdog.size;
    const loop = new BackgroundLoop('Sweep', 1_000, () => Promise.resolve());
    const take = (): Promise<undefined> => Promise.resolve(undefined);
    const perform = (): Promise<void> => Promise.resolve();
    const pool = new WorkPool({ name: 'Pieces', lanes: 1, milliseconds: 1_000, take, perform });
    loop.start();
    pool.start();
    expect(loopWatchdog.size).toBe(before + 2);
    await Promise.all([loop.stop(), pool.stop()]);
    expect(loopWatchdog.size).toBe(before);
  });
});
