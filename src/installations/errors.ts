import { appmaxNotConfigured, appmaxRefusals } from '../appmax';
import { ApiError } from '../common/errors/api-error';
import { tooManyRequests, unauthorized } from '../common/errors/refusals';
import { MissingParameter } from '../common/http/page-instead';

/** 404: no installation has this external_key. */
export const installationNotFound = (): ApiError => new ApiError(404, 'installation not found');

/** 409: the caller may not replace the credentials of this installation. */
export const alreadyInstalled = (): ApiError => new ApiError(409, 'installation already exists');

/** 400: Appmax issues no token for these credentials. */
export const invalidCredentials = (): ApiError => new ApiError(400, 'invalid client credentials');

/** 502: Appmax's credentials do not fit their columns once they are sealed. */
export const credentialsTooLong = (): ApiError =>
  new ApiError(502, 'Appmax gave credentials that are too long to be kept', {
    code: 'credentials_too_long',
  });

/** 400: the start or the health check is for another app. */
export const invalidAppId = (): ApiError => new ApiError(400, 'invalid app_id');

/** 400: the external_key is too long or can't be part of a path. */
export const invalidExternalKey = (): ApiError => new ApiError(400, 'invalid external_key');

/** 400: the health check names two different keys. */
export const invalidClientKey = (): ApiError => new ApiError(400, 'invalid client_key');

/** 400: fields are missing, and no installation that was started here matches the health check. */
export const missingFields = (): ApiError =>
  new ApiError(
    400,
    'app_id, external_key, client_key, merchant_client_id and merchant_client_secret are required',
    { code: 'callback_fields_required' },
  );

/** The error responses of the installation's routes, for the OpenAPI document. */
export const INSTALL_REFUSALS = {
  start: [
    new MissingParameter('app_id'),
    new MissingParameter('external_key'),
    invalidAppId(),
    invalidExternalKey(),
    unauthorized(),
    tooManyRequests(12),
    ...appmaxRefusals('failed to initiate installation'),
    appmaxNotConfigured('APPMAX_APP_ID_UUID'),
  ],
  restart: [
    installationNotFound(),
    ...appmaxRefusals('failed to initiate installation'),
    appmaxNotConfigured('APPMAX_APP_ID_UUID'),
  ],
  finish: [
    new MissingParameter('token'),
    invalidAppId(),
    ...appmaxRefusals('failed to generate merchant credentials'),
    credentialsTooLong(),
    appmaxNotConfigured('APPMAX_CLIENT_ID and APPMAX_CLIENT_SECRET'),
  ],
  confirm: [
    missingFields(),
    invalidAppId(),
    invalidClientKey(),
    invalidCredentials(),
    alreadyInstalled(),
    tooManyRequests(12),
    ...appmaxRefusals('failed to fetch merchant token'),
    appmaxNotConfigured('APPMAX_APP_ID_NUMERIC'),
  ],
  token: [installationNotFound(), ...appmaxRefusals('failed to fetch merchant token')],
} as const satisfies Readonly<Record<string, readonly ApiError[]>>;
