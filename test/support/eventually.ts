import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Repeats an expectation until it holds.
 *
 * @throws its last failure if it does not hold within the time.
 */
export async function eventually<Value>(expectation: () => Promise<Value>, seconds = 30): Promise<Value> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(25);
    }
  }
}
