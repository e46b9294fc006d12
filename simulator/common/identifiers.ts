import { randomBytes, randomInt } from 'node:crypto';

/**
 * Returns a generator of positive 32-bit ids. It starts at a random number, so that a client with a database does not
 * get the ids of an earlier run again.
 */
export function idSequence(): () => number {
  let last = randomInt(10_000, 2_000_000) * 1000;
  return () => {
    last += 1;
    return last;
  };
}

/** Returns random lower-case hexadecimal text of twice `bytes` characters. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
