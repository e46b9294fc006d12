import { MAXIMUM_INSTALLMENTS } from '../../appmax';
import { INT32_MAX } from '../../common/validation/validators';
import { totalValueRequired } from '../errors';

/** An amount with a decimal point or comma. */
const DECIMAL = /^\d*[.,][\d.,]*$/;

/**
 * Parses `?total_value&installments`. If `installments` is not a positive integer, it is 12; its maximum is 12.
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
  if (totalCents === undefined || totalCents > INT32_MAX)
    throw totalValueRequired(DECIMAL.test(query.totalValue ?? ''));
  const installments = positiveInteger(query.installments) ?? MAXIMUM_INSTALLMENTS;
  return { totalCents, installments: Math.min(installments, MAXIMUM_INSTALLMENTS) };
}

function positiveInteger(text: string | undefined): number | undefined {
  const number = /^\d{1,15}$/.test(text ?? '') ? Number(text) : 0;
  return number > 0 ? number : undefined;
}
