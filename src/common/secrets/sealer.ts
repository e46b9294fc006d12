import {
  keyIdOf,
  open,
  prefixOf,
  seal,
  SealError,
  type SealingKey,
  sealingKey,
  UnknownKeyError,
} from './sealing';

/** The current APP_KEY, which seals, and the previous ones, which only open. */
export interface AppKeys {
  readonly current: Buffer;
  readonly previous: readonly Buffer[];
}

/** Encrypts (seals) and decrypts (opens) secrets that are stored in the database or the cache. */
export class Sealer {
  private readonly current: SealingKey;
  private readonly known: ReadonlyMap<string, SealingKey>;
  private readonly acceptsUnsealed: boolean;

  /** @param acceptsUnsealed true if {@link open} accepts texts that are not sealed, from before sealing existed. */
  constructor({ current, previous }: AppKeys, { acceptsUnsealed } = { acceptsUnsealed: true }) {
    this.current = sealingKey(current);
    const known = [...previous.map(sealingKey), this.current];
    this.known = new Map(known.map((key) => [key.id, key]));
    this.acceptsUnsealed = acceptsUnsealed;
  }

  /** The id of the current key. */
  get keyId(): string {
    return this.current.id;
  }

  /** The prefix of every text that is sealed with the current key. */
  get prefix(): string {
    return prefixOf(this.current);
  }

  /** Seals a text. @param context the encryption context: only the same context opens the text again. */
  seal(text: string, context: readonly string[]): string {
    return seal(this.current, text, context);
  }

  /**
   * Opens a sealed text. A text that is not sealed, from before sealing existed, is returned unchanged if such texts
   * are accepted.
   *
   * @throws SealError
   */
  open(text: string, context: readonly string[]): string {
    if (isSealed(text)) return open(this.known, text, context);
    if (!this.acceptsUnsealed) throw new SealError('not sealed, and UNSEALED_CREDENTIALS=refuse');
    return text;
  }

  /** Opens a sealed text. Returns undefined if it is not sealed or cannot be opened. */
  tryOpen(text: string, context: readonly string[]): string | undefined {
    try {
      return isSealed(text) ? open(this.known, text, context) : undefined;
    } catch (error) {
      if (error instanceof SealError) return undefined;
      throw error;
    }
  }

  /** Returns true if the text is sealed with the current key. */
  isCurrent(text: string): boolean {
    return keyIdOf(text) === this.current.id;
  }
}

export function isSealed(text: string): boolean {
  return keyIdOf(text) !== undefined;
}

export { SealError, UnknownKeyError };
