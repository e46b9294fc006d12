import { randomBytes, randomInt } from 'node:crypto';

/**
 * A generator of positive 32-bit ids. Each start of the simulator counts from another place: whoever keeps our
 * ids in a database of their own must not meet an old id again after a restart.
 */
export function idSequence(): () => number {
  let last = randomInt(10_000, 2_000_000) * 1000;
  return () => {
    last += 1;
    return last;
  };
}

/** Unguessable lower-case hexadecimal text of twice `bytes` characters. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
