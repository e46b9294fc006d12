import type { Credentials } from '../../../appmax';
import { invalidBody } from '../../../common/errors/api-error';
import { fitsIntoPath } from '../../../common/http/path-key';
import { isRecord } from '../../../common/is-record';
import { LONGEST_CREDENTIAL } from '../../credentials/credential-seals';
import { invalidAppId, invalidClientKey } from '../../errors';

/** The width of the columns that store keys. */
export const KEY_LENGTH = 255;

/** The length limit of a field. Columns count characters, sealing counts bytes. */
interface Limit {
  readonly length: number;
  readonly unit: 'characters' | 'bytes';
}

const KEY: Limit = { length: KEY_LENGTH, unit: 'characters' };
const CREDENTIAL: Limit = { length: LONGEST_CREDENTIAL, unit: 'bytes' };

const CLIENT_ID_NAMES = ['client_id', 'merchant_client_id'];
const CLIENT_SECRET_NAMES = ['client_secret', 'merchant_client_secret'];

/** The fields of Appmax's health check. Appmax's newer API may send only the app's id. */
export interface CallbackBody {
  readonly appId: string | undefined;
  readonly externalKey: string | undefined;
  readonly clientKey: string | undefined;
  readonly credentials: Credentials | undefined;
}

/** A health check with all its fields. */
export interface CompleteCallbackBody {
  readonly appId: string;
  readonly externalKey: string;
  readonly credentials: Credentials;
}

export function isComplete(body: CallbackBody): body is CallbackBody & CompleteCallbackBody {
  return body.appId !== undefined && body.externalKey !== undefined && body.credentials !== undefined;
}

/** The beginning of the placeholders that Appmax's validator sends instead of ids and credentials. */
const PLACEHOLDER = /^DEMO_/i;

/**
 * Returns true if a health check is a test by Appmax's validator, which an app must pass before it is published. Its app
 * id and credentials are placeholders, such as `DEMO_APP_ID`. It expects a new UUID for each check.
 */
export function isFromValidator(body: unknown): boolean {
  if (!isRecord(body)) return false;
  const names = ['app_id', ...CLIENT_ID_NAMES, ...CLIENT_SECRET_NAMES];
  return names
    .map((name) => body[name])
    .some((value) => typeof value === 'string' && PLACEHOLDER.test(value.trim()));
}

/**
 * Parses a health check. {@link checkCallbackBody} checks that it is for our app.
 *
 * @throws ApiError 400 if the body is not an object, or a field is too long or not a text.
 */
export function readCallbackBody(body: unknown): CallbackBody {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalidBody();
  const fields = body as Record<string, unknown>;
  const externalKey = keyField(fields, 'external_key');
  const clientKey = keyField(fields, 'client_key');
  const clientId = field(fields, CLIENT_ID_NAMES, CREDENTIAL);
  const clientSecret = field(fields, CLIENT_SECRET_NAMES, CREDENTIAL);
  const isWhole = [externalKey, clientKey].every((key) => key !== undefined);
  return {
    appId: field(fields, ['app_id'], KEY),
    externalKey: externalKey ?? clientKey,
    clientKey,
    credentials:
      isWhole && clientId !== undefined && clientSecret !== undefined
        ? { clientId, clientSecret }
        : undefined,
  };
}

/**
 * Checks that a health check is for our app and that its two keys are the same.
 *
 * @param ownAppId the app's number, from Appmax's email.
 * @throws ApiError 400 if not.
 */
export function checkCallbackBody({ appId, externalKey, clientKey }: CallbackBody, ownAppId: string): void {
  if (appId !== ownAppId) throw invalidAppId();
  if (clientKey !== undefined && clientKey !== externalKey) throw invalidClientKey();
}

/** Reads the first of the named fields that is present: a text, or a number for ids. A blank text counts as absent. */
function field(
  fields: Record<string, unknown>,
  names: readonly string[],
  { length, unit }: Limit,
): string | undefined {
  const value = names
    .map((name) => fields[name])
    .find((candidate) => candidate !== undefined && candidate !== null && !isBlank(candidate));
  if (value === undefined) return undefined;
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || sizeOf(text, unit) > length || /\p{Cc}/u.test(text)) {
    const name = names[0] ?? '';
    throw invalidBody([{ field: name, message: `${name} must be a text of at most ${length} ${unit}` }]);
  }
  return text;
}

/** Reads a merchant's key, which becomes a segment of the path of the merchant's routes. */
function keyField(fields: Record<string, unknown>, name: string): string | undefined {
  const key = field(fields, [name], KEY);
  if (key !== undefined && !fitsIntoPath(key))
    throw invalidBody([{ field: name, message: `${name} must be a text that can be part of a URL's path` }]);
  return key;
}

function sizeOf(text: string, unit: Limit['unit']): number {
  return unit === 'bytes' ? Buffer.byteLength(text) : text.length;
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}
