import { createHash, timingSafeEqual } from 'node:crypto';

/** The secret keys of the API (`API_SECRET_KEYS`). */
export class SecretKeys {
  private readonly digests: readonly Buffer[];

  constructor(keys: readonly string[]) {
    this.digests = keys.map(digest);
  }

  /** Returns true if an Authorization header has one of the keys as a Bearer token. */
  accepts(authorization: string | undefined): boolean {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return false;
    const tokenDigest = digest(token);
    // Always compares all keys, so that the time does not reveal which one matched.
    return this.digests.map((key) => timingSafeEqual(key, tokenDigest)).includes(true);
  }
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
