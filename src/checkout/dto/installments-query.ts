import { MAXIMUM_INSTALLMENTS } from '../../appmax';
import { ApiError } from '../../common/errors/api-error';
import { INT32_MAX, notCents } from '../../common/validation/validators';

/** An amount with a decimal point or comma. */
const DECIMAL = /^\d*[.,][\d.,]*$/;

/** 400: `total_value` is missing or not a positive integer. @param isDecimal true if it is an amount with decimals. */
export function totalValueRequired(isDecimal = false): ApiError {
  const errors = [{ field: 'total_value', message: notCents('total_value') }];
  return new ApiError(400, 'total_value is required', isDecimal ? { details: { errors } } : {});
}

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
