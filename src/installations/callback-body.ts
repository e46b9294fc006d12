import type { Credentials } from '../appmax/tokens/credentials';
import { ApiError, invalidBody } from '../common/errors/api-error';

/** The widths of the columns that these go to. */
const KEY_LENGTH = 255;
const CREDENTIAL_LENGTH = 512;

/** Appmax's health check as far as it came: the newer generation may leave out everything but the app's id. */
export interface CallbackBody {
  readonly appId: string;
  readonly externalKey: string | undefined;
  readonly credentials: Credentials | undefined;
}

/** All that a health check can say. */
export type CompleteCallbackBody = {
  readonly [Name in keyof CallbackBody]-?: NonNullable<CallbackBody[Name]>;
};

export function isComplete(body: CallbackBody): body is CompleteCallbackBody {
  return body.externalKey !== undefined && body.credentials !== undefined;
}

/** 400: something is missing, and no installation that we started explains why. */
export function missingFields(): ApiError {
  return new ApiError(
    400,
    'app_id, external_key, client_key, merchant_client_id and merchant_client_secret are required',
  );
}

/**
 * Reads a health check, in the order in which clients are told what is wrong.
 *
 * @param ownAppId the app's number, as Appmax mailed it.
 * @throws ApiError 400.
 */
export function readCallbackBody(body: unknown, ownAppId: string): CallbackBody {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalidBody();
  const fields = body as Record<string, unknown>;
  const appId = field(fields, ['app_id'], KEY_LENGTH);
  const externalKey = field(fields, ['external_key'], KEY_LENGTH);
  const clientKey = field(fields, ['client_key'], KEY_LENGTH);
  const clientId = field(fields, ['client_id', 'merchant_client_id'], CREDENTIAL_LENGTH);
  const clientSecret = field(fields, ['client_secret', 'merchant_client_secret'], CREDENTIAL_LENGTH);
  if (appId === undefined) throw missingFields();
  if (appId !== ownAppId) throw new ApiError(400, 'invalid app_id');
  if (clientKey !== undefined && externalKey !== undefined && clientKey !== externalKey) {
    throw new ApiError(400, 'invalid client_key');
  }
  const namesBothKeys = externalKey !== undefined && clientKey !== undefined;
  return {
    appId,
    externalKey: externalKey ?? clientKey,
    credentials:
      namesBothKeys && clientId !== undefined && clientSecret !== undefined
        ? { clientId, clientSecret }
        : undefined,
  };
}

/** The first of some names that the body has: a text, or a number for ids. Blank means absent. */
function field(
  fields: Record<string, unknown>,
  names: readonly string[],
  length: number,
): string | undefined {
  const value = names
    .map((name) => fields[name])
    .find((found) => found !== undefined && found !== null && found !== '');
  if (value === undefined) return undefined;
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || text.length > length || /\p{Cc}/u.test(text)) {
    const name = names[0] ?? '';
    throw invalidBody([{ field: name, message: `${name} must be a text of at most ${length} characters` }]);
  }
  return text;
}
