import type { Credentials } from '../appmax/tokens/credentials';
import { ApiError, invalidBody } from '../common/errors/api-error';

/** The widths of the columns that these go to. */
export const KEY_LENGTH = 255;
export const CREDENTIAL_LENGTH = 512;

/** Appmax's health check as far as it came: the newer generation may leave out everything but the app's id. */
export interface CallbackBody {
  readonly appId: string | undefined;
  readonly externalKey: string | undefined;
  readonly clientKey: string | undefined;
  readonly credentials: Credentials | undefined;
}

/** All that a health check can say. */
export interface CompleteCallbackBody {
  readonly appId: string;
  readonly externalKey: string;
  readonly credentials: Credentials;
}

export function isComplete(body: CallbackBody): body is CallbackBody & CompleteCallbackBody {
  return body.appId !== undefined && body.externalKey !== undefined && body.credentials !== undefined;
}

/** 400: something is missing, and no installation that we started explains why. */
export function missingFields(): ApiError {
  return new ApiError(
    400,
    'app_id, external_key, client_key, merchant_client_id and merchant_client_secret are required',
  );
}

/**
 * Reads a health check; {@link checkCallbackBody} says whether it is about us.
 *
 * @throws ApiError 400 for what is no object, or holds what fits no column.
 */
export function readCallbackBody(body: unknown): CallbackBody {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalidBody();
  const fields = body as Record<string, unknown>;
  const externalKey = field(fields, ['external_key'], KEY_LENGTH);
  const clientKey = field(fields, ['client_key'], KEY_LENGTH);
  const clientId = field(fields, ['client_id', 'merchant_client_id'], CREDENTIAL_LENGTH);
  const clientSecret = field(fields, ['client_secret', 'merchant_client_secret'], CREDENTIAL_LENGTH);
  const isWhole = [externalKey, clientKey].every((key) => key !== undefined);
  return {
    appId: field(fields, ['app_id'], KEY_LENGTH),
    externalKey: externalKey ?? clientKey,
    clientKey,
    credentials:
      isWhole && clientId !== undefined && clientSecret !== undefined
        ? { clientId, clientSecret }
        : undefined,
  };
}

/**
 * @param ownAppId the app's number, as Appmax mailed it.
 * @throws ApiError 400 for another app's health check, and for keys that differ.
 */
export function checkCallbackBody({ appId, externalKey, clientKey }: CallbackBody, ownAppId: string): void {
  if (appId !== ownAppId) throw new ApiError(400, 'invalid app_id');
  if (clientKey !== undefined && clientKey !== externalKey) throw new ApiError(400, 'invalid client_key');
}

/** The first of some names that the body has: a text, or a number for ids. Blank means absent. */
function field(
  fields: Record<string, unknown>,
  names: readonly string[],
  length: number,
): string | undefined {
  const value = names
    .map((name) => fields[name])
    .find((found) => found !== undefined && found !== null && !isBlank(found));
  if (value === undefined) return undefined;
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || text.length > length || /\p{Cc}/u.test(text)) {
    const name = names[0] ?? '';
    throw invalidBody([{ field: name, message: `${name} must be a text of at most ${length} characters` }]);
  }
  return text;
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}
