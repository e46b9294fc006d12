import { stat } from 'node:fs';
import { TimeoutError, withTimeout } from './with-timeout';

describe('withTimeout', () => {
  it('the result is returned if it comes in time', async () => {
    await expect(withTimeout(Promise.resolve(7), 1_000)).resolves.toBe(7);
  });

  it('the error of the work is thrown', async () => {
    await expect(withTimeout(Promise.reject(new Error('broken')), 1_000)).rejects.toThrow('broken');
  });

  it('a TimeoutError is thrown if there is no result in time', async () => {
    await expect(withTimeout(new Promise(() => undefined), 5)).rejects.toThrow(TimeoutError);
  });

  it('a result that waits when a paused process goes on is still returned', async () => {
    // From here on, the event loop runs timers before it reads results.
    await new Promise((resolve) => setImmediate(resolve));
    const work = new Promise<string>((resolve) => {
      stat(__filename, () => {
        resolve('result');
      });
    });
    const waiting = withTimeout(work, 5);
    // After this pause, the timer is over, and the result of stat is there but was not read.
    const end = performance.now() + 100;
    while (performance.now() < end);
    await expect(waiting).resolves.toBe('result');
  });
});
