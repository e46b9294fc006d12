import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_BYTES = 6;

/** `s1.` and the key's id (8 characters) and a dot, then nonce, ciphertext and tag as base64url. */
const SEALED = /^s1\.([A-Za-z0-9_-]{8})\.([A-Za-z0-9_-]{38,})$/;
const HEADER_CHARACTERS = 12;

/** A key by which texts are sealed, and its short fingerprint, by which a sealed text names it. */
export interface SealingKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/** Why a sealed text can't be opened. */
export class SealError extends Error {}

/** It was sealed by a key that we don't have. */
export class UnknownKeyError extends SealError {
  constructor(readonly keyId: string) {
    super(`sealed by the key ${keyId}, which is neither APP_KEY nor one of APP_KEY_PREVIOUS`);
  }
}

/** Makes of an APP_KEY the key that seals: not the same bytes, since an APP_KEY is the key of digests, too. */
export function sealingKey(appKey: Buffer): SealingKey {
  const derive = (use: string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', appKey, '', `appmax-checkout ${use}`, length));
  return { id: derive('key id', KEY_ID_BYTES).toString('base64url'), bytes: derive('sealing', 32) };
}

/**
 * Seals a text. Each sealing looks different, and so tells nothing about whether two texts are the same.
 *
 * @param place where the sealed text will be kept: it can be opened as that one's alone, and so not be moved.
 */
export function seal({ id, bytes }: SealingKey, text: string, place: readonly string[]): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, bytes, nonce).setAAD(associatedData(place));
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return prefixOf({ id }) + sealed.toString('base64url');
}

/**
 * Opens what {@link seal} made.
 *
 * @throws UnknownKeyError, SealError when the text was changed or belongs to another place.
 */
export function open(keys: ReadonlyMap<string, SealingKey>, text: string, place: readonly string[]): string {
  const [, id = '', sealed = ''] = SEALED.exec(text) ?? [];
  const key = keys.get(id);
  if (key === undefined) throw new UnknownKeyError(id);
  const bytes = Buffer.from(sealed, 'base64url');
  try {
    const decipher = createDecipheriv(ALGORITHM, key.bytes, bytes.subarray(0, NONCE_BYTES))
      .setAAD(associatedData(place))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    // Not the cause: OpenSSL's words explain nothing.
    throw new SealError('sealed for another place, or damaged');
  }
}

/** What a key's sealed texts begin with. */
export function prefixOf({ id }: Pick<SealingKey, 'id'>): string {
  return `s1.${id}.`;
}

/** The id of the key that a text was sealed by; undefined for a text that is not sealed. */
export function keyIdOf(text: string): string | undefined {
  return SEALED.exec(text)?.[1];
}

/** The longest text, in bytes of UTF-8, that fits into so many characters once it is sealed. */
export function longestSealable(characters: number): number {
  return Math.floor(((characters - HEADER_CHARACTERS) * 3) / 4) - NONCE_BYTES - TAG_BYTES;
}

/** Unambiguous, whatever the names of a place hold. */
function associatedData(place: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(place), 'utf8');
}
