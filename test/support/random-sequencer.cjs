const Sequencer = require('@jest/test-sequencer').default;

/** Files that wait for minutes start first: one that started last would run on alone. */
const LONG = ['payments-under-faults', 'money-histories', 'callback', 'webhook-copies', 'contract', 'fuzz'];

/** A small generator of numbers from 0 to 1 (mulberry32): the same seed, the same numbers. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed that TEST_SEED names, or one of this run's own. */
function chooseSeed() {
  const given = process.env.TEST_SEED;
  if (given === undefined || given === '') return Math.floor(Math.random() * 2 ** 32);
  if (!/^\d+$/.test(given) || Number(given) >= 2 ** 32)
    throw new Error('TEST_SEED must be a number below 2^32');
  return Number(given);
}

/**
 * Runs test files in a random order, the long ones first, so that none comes to depend on another. TEST_SEED repeats an order: it is printed
 * at the start of each run.
 */
module.exports = class RandomSequencer extends Sequencer {
  seed = chooseSeed();

  sort(tests) {
    process.stderr.write(`Test files in the order of TEST_SEED=${this.seed}\n`);
    const next = generator(this.seed);
    // Jest finds files in an order of the file system's: without one of our own, a seed would repeat nothing.
    const shuffled = [...tests].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    for (let last = shuffled.length - 1; last > 0; last -= 1) {
      const chosen = Math.floor(next() * (last + 1));
      [shuffled[last], shuffled[chosen]] = [shuffled[chosen], shuffled[last]];
    }
    const isLong = ({ path }) => LONG.some((name) => path.endsWith(`/test/${name}.e2e-spec.ts`));
    return [...shuffled.filter(isLong), ...shuffled.filter((test) => !isLong(test))];
  }
};
