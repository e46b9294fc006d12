import { createHash, timingSafeEqual } from 'node:crypto';

/** The keys that open the secret routes. */
export class SecretKeys {
  private readonly digests: readonly Buffer[];

  constructor(keys: readonly string[]) {
    this.digests = keys.map(digest);
  }

  /** Whether an Authorization header shows one of the keys as a Bearer token. Takes the same time for all that don't. */
  accepts(authorization: string | undefined): boolean {
    const shown = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (shown === undefined) return false;
    const shownDigest = digest(shown);
    // Every key is compared, whichever matches: the time must not tell which one it was.
    return this.digests.map((key) => timingSafeEqual(key, shownDigest)).includes(true);
  }
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
