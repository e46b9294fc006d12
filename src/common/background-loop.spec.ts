import { Logger } from '@nestjs/common';
import { BackgroundLoop } from './background-loop';

const PERIOD = 1_000;

/** Creates rounds of work that the test ends. */
function controlledWork(): {
  work: jest.Mock<Promise<void>>;
  finish: () => void;
  fail: (error: Error) => void;
} {
  let finish = (): void => undefined;
  let fail: (error: Error) => void = () => undefined;
  const work = jest.fn(
    () =>
      new Promise<void>((resolve, reject) => {
        finish = resolve;
        fail = reject;
      }),
  );
  return {
    work,
    finish: () => {
      finish();
    },
    fail: (error) => {
      fail(error);
    },
  };
}

describe('BackgroundLoop', () => {
  let logged: jest.SpyInstance;

  beforeEach(() => {
    jest.useFakeTimers();
    logged = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
  });

  afterEach(() => {
    jest.useRealTimers();
    logged.mockRestore();
  });

  it('a loop does nothing until it is started', async () => {
    const work = jest.fn(() => Promise.resolve());
    const loop = new BackgroundLoop('Test', PERIOD, work);
    await jest.advanceTimersByTimeAsync(PERIOD * 3);
    expect(work).not.toHaveBeenCalled();
    loop.start();
    await jest.advanceTimersByTimeAsync(PERIOD - 1);
    expect(work).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(work).toHaveBeenCalledTimes(1);
    await loop.stop();
  });

  it('a loop runs a round in each period', async () => {
    const work = jest.fn(() => Promise.resolve());
    const loop = new BackgroundLoop('Test', PERIOD, work);
    loop.start();
    await jest.advanceTimersByTimeAsync(PERIOD * 5);
    expect(work).toHaveBeenCalledTimes(5);
    await loop.stop();
  });

  it('a round never starts while another one is running', async () => {
    const { work, finish } = controlledWork();
    const loop = new BackgroundLoop('Test', PERIOD, work);
    loop.start();
    await jest.advanceTimersByTimeAsync(PERIOD * 5);
    expect(work).toHaveBeenCalledTimes(1);
    finish();
    await jest.advanceTimersByTimeAsync(PERIOD - 1);
    expect(work).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(work).toHaveBeenCalledTimes(2);
    finish();
    await loop.stop();
  });

  it('an error of a round is logged, and the loop continues', async () => {
    const { work, fail, finish } = controlledWork();
    const loop = new BackgroundLoop('Test', PERIOD, work);
    const error = new Error('the database is away');
    loop.start();
    await jest.advanceTimersByTimeAsync(PERIOD);
    fail(error);
    await jest.advanceTimersByTimeAsync(PERIOD);
    expect(logged).toHaveBeenCalledWith(error);
    expect(work).toHaveBeenCalledTimes(2);
    finish();
    await loop.stop();
  });

  it('a stopped loop starts no round', async () => {
    const work = jest.fn(() => Promise.resolve());
    const loop = new BackgroundLoop('Test', PERIOD, work);
    loop.start();
    await jest.advanceTimersByTimeAsync(PERIOD);
    await loop.stop();
    await jest.advanceTimersByTimeAsync(PERIOD * 5);
    expect(work).toHaveBeenCalledTimes(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('a stop waits for the running round', async () => {
    const { work, finish } = controlledWork();
    const loop = new BackgroundLoop('Test', PERIOD, work);
    loop.start();
    await jest.advanceTimersByTimeAsync(PERIOD);
    let stopped = false;
    const stopping = loop.stop().then(() => {
      stopped = true;
    });
    await jest.advanceTimersByTimeAsync(PERIOD * 5);
    expect(stopped).toBe(false);
    finish();
    await stopping;
    await jest.advanceTimersByTimeAsync(PERIOD * 5);
    expect(work).toHaveBeenCalledTimes(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('a loop can be stopped before it was started', async () => {
    const loop = new BackgroundLoop('Test', PERIOD, () => Promise.resolve());
    await expect(loop.stop()).resolves.toBeUndefined();
  });

  it('a loop without an interval runs a round only when it is woken', async () => {
    const work = jest.fn(() => Promise.resolve());
    const loop = new BackgroundLoop('Test', Infinity, work);
    loop.wake();
    loop.start();
    await jest.advanceTimersByTimeAsync(PERIOD * 1_000);
    expect(work).not.toHaveBeenCalled();
    loop.wake();
    await jest.advanceTimersByTimeAsync(PERIOD * 1_000);
    expect(work).toHaveBeenCalledTimes(1);
    await loop.stop();
    loop.wake();
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('a loop that is woken during a round runs one more after it', async () => {
    const { work, finish } = controlledWork();
    const loop = new BackgroundLoop('Test', Infinity, work);
    loop.start();
    loop.wake();
    loop.wake();
    loop.wake();
    expect(work).toHaveBeenCalledTimes(1);
    finish();
    await jest.advanceTimersByTimeAsync(0);
    expect(work).toHaveBeenCalledTimes(2);
    finish();
    await jest.advanceTimersByTimeAsync(PERIOD);
    expect(work).toHaveBeenCalledTimes(2);
    await loop.stop();
  });

  it('a round can give the time of the next one', async () => {
    const rests = [5, undefined];
    const work = jest.fn(() => Promise.resolve(rests.shift()));
    const loop = new BackgroundLoop('Test', PERIOD, work);
    loop.start();
    loop.wake();
    await jest.advanceTimersByTimeAsync(4);
    expect(work).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(work).toHaveBeenCalledTimes(2);
    await jest.advanceTimersByTimeAsync(PERIOD - 1);
    expect(work).toHaveBeenCalledTimes(2);
    await jest.advanceTimersByTimeAsync(1);
    expect(work).toHaveBeenCalledTimes(3);
    await loop.stop();
  });
});
