import { createHmac } from 'node:crypto';
import type { AppKeys } from './sealer';

/** The digests of one value, one for each known key, the current key's first. */
export type Digests = readonly [string, ...string[]];

/**
 * Calculates keyed digests (HMAC) of requests. A reader of the database can neither recover a request nor test guesses.
 * A value also has a digest for each previous key, so that a digest from before a change of key still matches.
 */
export class KeyedDigest {
  constructor(private readonly keys: AppKeys) {}

  /** @param value any JSON value. */
  of(value: object | string): Digests {
    const text = JSON.stringify(value);
    const { current, previous } = this.keys;
    return [digest(current, text), ...previous.map((key) => digest(key, text))];
  }
}

function digest(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}
