import { AppmaxFailure } from '../../appmax/appmax-failure';
import { ApiError } from '../../common/errors/api-error';
import { tooManyRequests } from '../../common/errors/too-many-requests';
import type { Order } from '../order.entity';

/** What an answer about a payment says of its order. */
type OrderState = Pick<Order, 'appmaxOrderId' | 'status'>;

/** 502: it is not known what became of a payment. Nothing was charged twice, and nothing will be. */
export function outcomeUnknown({ appmaxOrderId, status }: OrderState): ApiError {
  return new ApiError(502, 'payment outcome unknown', { details: { order_id: appmaxOrderId, status } });
}

export function alreadyPaid({ appmaxOrderId, status }: OrderState): ApiError {
  return new ApiError(409, 'order already paid', { details: { order_id: appmaxOrderId, status } });
}

/** 409: a payment of the order has been sent, and it is not known yet what becomes of it. */
export function inProgress({ appmaxOrderId, status }: OrderState): ApiError {
  const details = { order_id: appmaxOrderId, status };
  return new ApiError(409, 'another payment of this order is in progress', { details });
}

const DECLINED = 'payment declined';

/** 422: the issuer refused the card, as was learned after Appmax's answer was lost. */
export function paymentDeclined(): ApiError {
  return new ApiError(422, DECLINED);
}

/**
 * Whether a payment failed because of its card. Appmax declines by a status of its own, or in an error body like any
 * other: what it refuses of a card may be either.
 */
export function isDecline(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  if (error.getStatus() === 422 && error.message === DECLINED) return true;
  const { cause } = error;
  return (
    cause instanceof AppmaxFailure &&
    cause.kind === 'refused' &&
    (cause.status === 400 || cause.status === 422)
  );
}

/** 429: too many cards were declined, from one address or for one order. */
export function tooManyDeclines(seconds: number): ApiError {
  return tooManyRequests(seconds, 'too many declined payments: try again later');
}
