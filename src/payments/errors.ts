import { AppmaxFailure } from '../appmax';
import { ApiError } from '../common/errors/api-error';
import { tooManyRequests } from '../common/errors/too-many-requests';

/** What an answer about a payment says of its order. */
export interface OrderState {
  readonly appmaxOrderId: number;
  readonly status: string;
}

const detailsOf = ({ appmaxOrderId, status }: OrderState): { order_id: number; status: string } => ({
  order_id: appmaxOrderId,
  status,
});

/** 502: it is not known what became of a payment. Nothing was charged twice, and nothing will be. */
export function outcomeUnknown(order: OrderState, cause?: unknown): ApiError {
  return new ApiError(502, 'payment outcome unknown', { details: detailsOf(order), outcome: 'open', cause });
}

/** 409: the order was paid, or is in a status in which it takes no payment. */
export function alreadyPaid(order: OrderState): ApiError {
  return new ApiError(409, 'order already paid', { details: detailsOf(order) });
}

/** 409: a payment of the order was sent, and what becomes of it is not known yet. */
export function inProgress(order: OrderState): ApiError {
  return new ApiError(409, 'another payment of this order is in progress', { details: detailsOf(order) });
}

const DECLINED = 'payment declined';

/** 422: the card was refused; the order can be paid by another one. */
export function paymentDeclined(order: OrderState, cause?: unknown): ApiError {
  return new ApiError(422, DECLINED, { details: detailsOf(order), outcome: 'final', cause });
}

/** 502: a payment was sent, and was not made. A new request may pay the order. */
export function paymentNotMade(order: OrderState): ApiError {
  return new ApiError(502, 'payment processing failed', { details: detailsOf(order), outcome: 'final' });
}

/**
 * Tells whether a payment failed because of its card. Appmax declines by a status of its own, or in an error body like
 * any other: what it refuses of a card may be either.
 */
export function isDecline(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  if (error.getStatus() === 422 && error.message === DECLINED) return true;
  const { cause } = error;
  return (
    error.getStatus() !== 502 &&
    cause instanceof AppmaxFailure &&
    cause.kind === 'refused' &&
    (cause.status === 400 || cause.status === 422)
  );
}

/** 429: too many cards were declined, from one address or for one order. */
export function tooManyDeclines(seconds: number): ApiError {
  return tooManyRequests(seconds, 'too many declined payments: try again later');
}

/** 409: the order's money went back to the shopper already, or is being taken back. */
export function notRefundable(order: OrderState): ApiError {
  return new ApiError(409, "order can't be refunded", { details: detailsOf(order) });
}

/** 409: it is not known what became of an earlier refund. */
export function refundUnclear({ appmaxOrderId }: Pick<OrderState, 'appmaxOrderId'>): ApiError {
  return new ApiError(409, 'another refund of this order has an unknown outcome', {
    details: { order_id: appmaxOrderId },
  });
}

/** 409: another refund of the order is under way. */
export function refundInProgress({ appmaxOrderId }: Pick<OrderState, 'appmaxOrderId'>): ApiError {
  return new ApiError(409, 'another refund of this order is in progress', {
    details: { order_id: appmaxOrderId },
    headers: { 'Retry-After': '1' },
  });
}

/** 502: it is not known what became of this refund. It is not sent again; an operator sees it. */
export function refundUnknown(
  { appmaxOrderId }: Pick<OrderState, 'appmaxOrderId'>,
  cause?: unknown,
): ApiError {
  return new ApiError(502, 'refund outcome unknown', {
    details: { order_id: appmaxOrderId },
    outcome: 'open',
    cause,
  });
}

/** 422: more than is left. @param left in cents. */
export function refundTooLarge(left: number): ApiError {
  return new ApiError(422, 'the refunds of this order would pass its total', {
    details: { refundable_cents: left },
  });
}

/** 409: the same upsell is under way. */
export function upsellInProgress(): ApiError {
  return new ApiError(409, 'this upsell is in progress', { outcome: 'open' });
}

/** 422: an upsell_hash is good for one upsell. */
export function upsellHashUsed(): ApiError {
  return new ApiError(422, 'this upsell_hash was used for another upsell');
}

/** 502: it is not known what became of an upsell. It is not sent again; an operator sees it. */
export function upsellUnknown(cause?: unknown): ApiError {
  return new ApiError(502, 'payment outcome unknown', { outcome: 'open', cause });
}
