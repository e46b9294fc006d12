import { ApiError } from '../../common/errors/api-error';
import { AppmaxFailure, type FailureDetails, type FailureKind } from './appmax-failure';
import { failureToApiError } from './failure-to-api-error';

/** 503: the service has no id or credentials of the app. @param variables their names. */
export function appmaxNotConfigured(variables: string): ApiError {
  return new ApiError(503, `Appmax is not configured yet: set ${variables}`, {
    code: 'appmax_not_configured',
  });
}

/** One example failure for each different answer to the client, with texts that Appmax has used. */
const FAILURES: readonly (readonly [FailureKind, FailureDetails])[] = [
  ['refused', { status: 400, text: 'The given data was invalid.' }],
  ['refused', { status: 404, text: 'The order does not exist.' }],
  ['refused', { status: 409, text: 'The order has a payment pending.' }],
  ['refused', { status: 422, text: 'The document number is not valid.' }],
  ['unknown', {}],
  ['rate_limited', {}],
  ['suspended', {}],
  ['revoked', {}],
];

/**
 * Lists the errors that a route may answer because of Appmax, for the OpenAPI document.
 *
 * @param message the route's error text if Appmax's answer has none.
 */
export function appmaxRefusals(message: string): ApiError[] {
  return FAILURES.map(([kind, details]) =>
    failureToApiError(new AppmaxFailure(kind, 'call', details), message),
  );
}

/** Lists the errors of a route that takes a payment: a decline, and those of {@link appmaxRefusals}. */
export function paymentRefusals(message: string): ApiError[] {
  return [failureToApiError(new AppmaxFailure('declined', 'call'), message), ...appmaxRefusals(message)];
}
