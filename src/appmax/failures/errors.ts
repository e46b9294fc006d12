import type { ApiError } from '../../common/errors/api-error';
import { AppmaxFailure, type FailureDetails, type FailureKind } from './appmax-failure';
import { failureToApiError } from './failure-to-api-error';

/** One failure of each kind whose answer differs from the others', in words that Appmax has been seen to use. */
const FAILURES: readonly (readonly [FailureKind, FailureDetails])[] = [
  ['refused', { status: 400, text: 'The given data was invalid.' }],
  ['refused', { status: 404, text: 'The order does not exist.' }],
  ['refused', { status: 409, text: 'The order has a payment pending.' }],
  ['refused', { status: 422, text: 'The document number is not valid.' }],
  ['unknown', {}],
  ['rate_limited', {}],
  ['suspended', {}],
];

/**
 * What a route may answer because of Appmax, for the API's document: made by the table that makes the answers.
 *
 * @param message what the route says where Appmax gives no words of its own.
 */
export function appmaxRefusals(message: string): ApiError[] {
  return FAILURES.map(([kind, details]) =>
    failureToApiError(new AppmaxFailure(kind, 'call', details), message),
  );
}

/** The same for a route that takes a payment. */
export function paymentRefusals(message: string): ApiError[] {
  return [failureToApiError(new AppmaxFailure('declined', 'call'), message), ...appmaxRefusals(message)];
}
