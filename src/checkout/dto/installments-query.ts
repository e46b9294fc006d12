import { ApiError } from '../../common/errors/api-error';
import { INT32_MAX } from '../../common/validation/validators';

const DEFAULT_INSTALLMENTS = 12;
const MAXIMUM_INSTALLMENTS = 21;

/** 400: without a total there is nothing to divide. */
export function totalValueRequired(): ApiError {
  return new ApiError(400, 'total_value is required');
}

/**
 * Reads `?total_value&installments`. A number of installments that is no positive integer counts as 12, one beyond
 * what Appmax offers as its most.
 *
 * @throws ApiError 400 `total_value is required`.
 */
export function readInstallmentsQuery(query: {
  totalValue: string | undefined;
  installments: string | undefined;
}): {
  totalCents: number;
  installments: number;
} {
  const totalCents = positiveInteger(query.totalValue);
  if (totalCents === undefined || totalCents > INT32_MAX) throw totalValueRequired();
  const installments = positiveInteger(query.installments) ?? DEFAULT_INSTALLMENTS;
  return { totalCents, installments: Math.min(installments, MAXIMUM_INSTALLMENTS) };
}

function positiveInteger(text: string | undefined): number | undefined {
  const number = /^\d{1,15}$/.test(text ?? '') ? Number(text) : 0;
  return number > 0 ? number : undefined;
}
