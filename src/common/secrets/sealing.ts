import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_BYTES = 6;

/** The format `s1.<key id>.<data>`: the id has 8 characters; the data is nonce, ciphertext and tag as base64url. */
const SEALED = /^s1\.([A-Za-z0-9_-]{8})\.([A-Za-z0-9_-]{38,})$/;
const HEADER_CHARACTERS = 12;

/** A key that seals texts, and its id, a short fingerprint that is part of each sealed text. */
export interface SealingKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/** Thrown when a sealed text cannot be opened. */
export class SealError extends Error {}

/** Thrown when a text was sealed with an unknown key. */
export class UnknownKeyError extends SealError {
  constructor(readonly keyId: string) {
    super(`sealed by the key ${keyId}, which is neither APP_KEY nor one of APP_KEY_PREVIOUS`);
  }
}

/** Derives the sealing key from an APP_KEY. It is not the same key, because the APP_KEY itself is used for digests. */
export function sealingKey(appKey: Buffer): SealingKey {
  const derive = (use: string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', appKey, '', `appmax-checkout ${use}`, length));
  return { id: derive('key id', KEY_ID_BYTES).toString('base64url'), bytes: derive('sealing', 32) };
}

/**
 * Seals a text. Because of a random nonce, the results for two equal texts are different.
 *
 * @param context the encryption context, such as table, column and row. Only the same context opens the text, so it
 * cannot be moved to another row.
 */
export function seal({ id, bytes }: SealingKey, text: string, context: readonly string[]): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, bytes, nonce).setAAD(associatedData(context));
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return prefixOf({ id }) + sealed.toString('base64url');
}

/**
 * Opens a text that {@link seal} returned.
 *
 * @throws UnknownKeyError, SealError if the text was changed or has another encryption context.
 */
export function open(
  keys: ReadonlyMap<string, SealingKey>,
  text: string,
  context: readonly string[],
): string {
  const [, id = '', sealed = ''] = SEALED.exec(text) ?? [];
  const key = keys.get(id);
  if (key === undefined) throw new UnknownKeyError(id);
  const bytes = Buffer.from(sealed, 'base64url');
  try {
    const decipher = createDecipheriv(ALGORITHM, key.bytes, bytes.subarray(0, NONCE_BYTES))
      .setAAD(associatedData(context))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    // Without `cause`: OpenSSL's error text explains nothing.
    throw new SealError('sealed for another place, or damaged');
  }
}

/** Returns the prefix of all texts that a key has sealed. */
export function prefixOf({ id }: Pick<SealingKey, 'id'>): string {
  return `s1.${id}.`;
}

/** Returns the id of the key that sealed a text; undefined if the text is not sealed. */
export function keyIdOf(text: string): string | undefined {
  return SEALED.exec(text)?.[1];
}

/** Returns the maximum length of a text, in bytes of UTF-8, whose sealed form fits into this number of characters. */
export function longestSealable(characters: number): number {
  return Math.floor(((characters - HEADER_CHARACTERS) * 3) / 4) - NONCE_BYTES - TAG_BYTES;
}

/** Encodes an encryption context. JSON is unambiguous for any values. */
function associatedData(context: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(context), 'utf8');
}
