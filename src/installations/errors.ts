import { appmaxRefusals } from '../appmax';
import { unauthorized } from '../common/access/unauthorized';
import { ApiError } from '../common/errors/api-error';
import { tooManyRequests } from '../common/errors/too-many-requests';
import { invalidAppId, missingFields } from './install/callback-body';

/** 404: no installation has this external_key. */
export const installationNotFound = (): ApiError => new ApiError(404, 'installation not found');

/** 409: the caller may not replace the credentials of this installation. */
export const alreadyInstalled = (): ApiError => new ApiError(409, 'installation already exists');

/** 400: Appmax issues no token for these credentials. */
export const invalidCredentials = (): ApiError => new ApiError(400, 'invalid client credentials');

/** 502: Appmax's credentials do not fit their columns once they are sealed. */
export const credentialsTooLong = (): ApiError =>
  new ApiError(502, 'Appmax gave credentials that are too long to be kept');

const notConfigured = (variable: string): ApiError =>
  new ApiError(503, `Appmax is not configured yet: set ${variable}`);

/** The error responses of the installation's routes, for the OpenAPI document. */
export const INSTALL_REFUSALS = {
  start: [
    new ApiError(400, 'app_id is required'),
    new ApiError(400, 'external_key is required'),
    invalidAppId(),
    new ApiError(400, 'invalid external_key'),
    unauthorized(),
    tooManyRequests(12),
    ...appmaxRefusals('failed to initiate installation'),
    notConfigured('APPMAX_APP_ID_UUID'),
  ],
  finish: [
    new ApiError(400, 'token is required'),
    invalidAppId(),
    ...appmaxRefusals('failed to generate merchant credentials'),
    credentialsTooLong(),
    notConfigured('APPMAX_CLIENT_ID, APPMAX_CLIENT_SECRET'),
  ],
  confirm: [
    missingFields(),
    invalidAppId(),
    new ApiError(400, 'invalid client_key'),
    invalidCredentials(),
    alreadyInstalled(),
    tooManyRequests(12),
    ...appmaxRefusals('failed to fetch merchant token'),
    notConfigured('APPMAX_APP_ID_NUMERIC'),
  ],
  token: [installationNotFound(), ...appmaxRefusals('failed to fetch merchant token')],
} as const satisfies Readonly<Record<string, readonly ApiError[]>>;
