import {
  keyIdOf,
  open,
  prefixOf,
  seal,
  SealError,
  sealingKey,
  UnknownKeyError,
  type SealingKey,
} from './sealing';

/** The APP_KEY that seals, and those that sealed before it: what they sealed can be read. */
export interface AppKeys {
  readonly current: Buffer;
  readonly previous: readonly Buffer[];
}

/** Seals what must not be read by whoever reads the database or the cache. */
export class Sealer {
  private readonly current: SealingKey;
  private readonly known: ReadonlyMap<string, SealingKey>;
  private readonly acceptsUnsealed: boolean;

  /** @param acceptsUnsealed whether {@link open} takes texts from the time before there was sealing. */
  constructor({ current, previous }: AppKeys, { acceptsUnsealed } = { acceptsUnsealed: true }) {
    this.current = sealingKey(current);
    const known = [...previous.map(sealingKey), this.current];
    this.known = new Map(known.map((key) => [key.id, key]));
    this.acceptsUnsealed = acceptsUnsealed;
  }

  /** The id of the key that seals now. */
  get keyId(): string {
    return this.current.id;
  }

  /** What every text begins with that the key has sealed that seals now. */
  get prefix(): string {
    return prefixOf(this.current);
  }

  /** @param place names where the sealed text is kept; it can't be opened as another place's. */
  seal(text: string, place: readonly string[]): string {
    return seal(this.current, text, place);
  }

  /**
   * Opens a sealed text. One that is not sealed, from the time before there was sealing, is what it says, where such
   * are accepted.
   *
   * @throws SealError
   */
  open(text: string, place: readonly string[]): string {
    if (isSealed(text)) return open(this.known, text, place);
    if (!this.acceptsUnsealed) throw new SealError('not sealed, and UNSEALED_CREDENTIALS=refuse');
    return text;
  }

  /** Opens what can be made anew: a text that is not sealed, or that can't be opened, counts as none. */
  tryOpen(text: string, place: readonly string[]): string | undefined {
    try {
      return isSealed(text) ? open(this.known, text, place) : undefined;
    } catch (error) {
      if (error instanceof SealError) return undefined;
      throw error;
    }
  }

  /** Whether the key that seals now has sealed this. */
  isCurrent(text: string): boolean {
    return keyIdOf(text) === this.current.id;
  }
}

export function isSealed(text: string): boolean {
  return keyIdOf(text) !== undefined;
}

export { SealError, UnknownKeyError };
