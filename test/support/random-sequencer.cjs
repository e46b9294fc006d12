const { sep } = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

/**
 * The slowest files, which start first, in this sequence: one that starts last would run alone at the end. Files that
 * mostly wait (for leases, limits and polls) alternate with files that mostly compute, so that neither the waiting nor
 * the processors become the bottleneck for long.
 */
const LONG = [
  'payments-under-faults',
  'contract',
  'money-crashes',
  'database',
  'lost-notifications',
  'canary',
  'money-histories',
  'payments',
  'storefront-flood',
  'quickstart',
  'notification-campaign',
  'commands',
  'webhook-verification',
  'openapi',
  'frozen-statuses',
  'sessions',
  'key-rotation',
  'access-matrix',
  'cache-faults',
  'keys',
  'uninstalled',
  'settings',
  'not-migrated',
  'installations',
  'carding',
  'access',
];

/** Returns a generator of numbers from 0 to 1 (mulberry32). The same seed gives the same numbers. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Returns the seed in TEST_SEED, or a random one. */
function chooseSeed() {
  const given = process.env.TEST_SEED;
  if (given === undefined || given === '') return Math.floor(Math.random() * 2 ** 32);
  if (!/^\d+$/.test(given) || Number(given) >= 2 ** 32)
    throw new Error('TEST_SEED must be a number below 2^32');
  return Number(given);
}

/**
 * Runs test files in a random order, the slowest first, so that no file comes to depend on another. Prints its seed at
 * the start of each run; TEST_SEED repeats it.
 */
module.exports = class RandomSequencer extends Sequencer {
  seed = chooseSeed();

  sort(tests) {
    process.stderr.write(`Test files in the order of TEST_SEED=${this.seed}\n`);
    const next = generator(this.seed);
    // Jest lists files in the file system's order. They are sorted first, so that a seed repeats an order.
    const shuffled = [...tests].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    for (let last = shuffled.length - 1; last > 0; last -= 1) {
      const chosen = Math.floor(next() * (last + 1));
      [shuffled[last], shuffled[chosen]] = [shuffled[chosen], shuffled[last]];
    }
    const rank = ({ path }) => {
      const index = LONG.findIndex((name) => path.endsWith(`${sep}${name}.e2e-spec.ts`));
      return index === -1 ? LONG.length : index;
    };
    // Stable: what has the same rank stays shuffled.
    return shuffled.sort((a, b) => rank(a) - rank(b));
  }
};
