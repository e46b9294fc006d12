import { createHash, timingSafeEqual } from 'node:crypto';
import { KEY_SCOPES, type KeyHolder } from './key-holder';

/** The root keys of the API (`API_SECRET_KEYS`): they have all scopes, for all shops. */
export class SecretKeys {
  private readonly digests: readonly Buffer[];

  constructor(private readonly keys: readonly string[]) {
    this.digests = keys.map(digest);
  }

  /** Returns the first root key that fulfils a condition. */
  find(condition: (key: string) => boolean): string | undefined {
    return this.keys.find(condition);
  }

  /** Returns the holder of a root key; its name is a short fingerprint, which does not reveal the key. */
  holderOf(token: string): KeyHolder | undefined {
    const tokenDigest = digest(token);
    // Always compares all keys, so that the time does not reveal which one matched.
    if (!this.digests.map((key) => timingSafeEqual(key, tokenDigest)).includes(true)) return undefined;
    const name = `key ${tokenDigest.toString('hex').slice(0, 8)}`;
    return { id: undefined, name, scopes: KEY_SCOPES, shop: undefined, expiresAt: undefined };
  }
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
