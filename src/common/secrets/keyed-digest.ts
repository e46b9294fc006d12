import { createHmac } from 'node:crypto';
import type { AppKeys } from './sealer';

/** The digests of one value under each key that is known, the present key's first. */
export type Digests = readonly [string, ...string[]];

/**
 * Digests of requests: whoever reads the database can neither find out what they were nor try guesses. A digest that
 * was made before the key changed is one of those that a value has now.
 */
export class KeyedDigest {
  constructor(private readonly keys: AppKeys) {}

  /** @param value anything that JSON can say. */
  of(value: object | string): Digests {
    const text = JSON.stringify(value);
    const { current, previous } = this.keys;
    return [digest(current, text), ...previous.map((key) => digest(key, text))];
  }
}

function digest(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}
