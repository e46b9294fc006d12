import { AppmaxFailure } from '../appmax';
import { ApiError } from '../common/errors/api-error';
import { tooManyRequests } from '../common/errors/refusals';
import type { Closure } from './operations/state/operation';

/** The order's fields in an error response about a payment. */
export interface OrderState {
  readonly appmaxOrderId: number;
  readonly status: string;
}

const detailsOf = ({ appmaxOrderId, status }: OrderState): { order_id: number; status: string } => ({
  order_id: appmaxOrderId,
  status,
});

/** 502: the outcome of a payment is unknown. The order will not be charged twice. */
export function outcomeUnknown(order: OrderState, cause?: unknown): ApiError {
  return new ApiError(502, 'payment outcome unknown', { details: detailsOf(order), outcome: 'open', cause });
}

/** 409: the order is paid, or its status does not allow a payment. */
export function alreadyPaid(order: OrderState): ApiError {
  return new ApiError(409, 'order already paid', { details: detailsOf(order) });
}

/** 409: a payment of the order was sent, and its outcome is not known yet. */
export function inProgress(order: OrderState): ApiError {
  return new ApiError(409, 'another payment of this order is in progress', {
    code: 'payment_in_progress',
    details: detailsOf(order),
  });
}

/** 409: the checkout session is expired; it takes no payment. */
export function sessionExpired(details: object = {}): ApiError {
  return new ApiError(409, 'session expired', { details: { ...details } });
}

/** 409: the checkout session is paid. */
export function sessionCompleted(details: object = {}): ApiError {
  return new ApiError(409, 'session completed', { details: { ...details } });
}

/** 409: another order of the checkout session has replaced the order. */
export function orderReplaced(order: OrderState): ApiError {
  return new ApiError(409, 'order replaced by another one of its session', {
    code: 'order_replaced',
    details: detailsOf(order),
  });
}

/** Returns the error for an order of a checkout session that takes no payment. */
export function orderClosed(order: OrderState, closure: Closure): ApiError {
  switch (closure) {
    case 'replaced':
      return orderReplaced(order);
    case 'session_expired':
      return sessionExpired(detailsOf(order));
    case 'session_completed':
      return sessionCompleted(detailsOf(order));
  }
}

const DECLINED = 'payment declined';

/** 422: the card was declined; the order can be paid with another card. */
export function paymentDeclined(order: OrderState, cause?: unknown): ApiError {
  return new ApiError(422, DECLINED, { details: detailsOf(order), outcome: 'final', cause });
}

/** 502: a payment was sent but did not happen. A new request may pay the order. */
export function paymentNotMade(order: OrderState): ApiError {
  return new ApiError(502, 'payment processing failed', { details: detailsOf(order), outcome: 'final' });
}

/**
 * Returns true if a payment failed because of its card. Appmax may decline a card with a 422 or 400 that looks like any
 * other refusal, so these count as declines, too.
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

/** 429: too many cards were declined, from one IP address or for one order. */
export function tooManyDeclines(seconds: number): ApiError {
  return tooManyRequests(seconds, 'too many declined payments: try again later', 'too_many_declines');
}

/** 409: the order is already refunded, or has a chargeback. */
export function notRefundable(order: OrderState): ApiError {
  return new ApiError(409, "order can't be refunded", {
    code: 'order_not_refundable',
    details: detailsOf(order),
  });
}

/** 409: the outcome of an earlier refund is unknown. */
export function refundUnclear({ appmaxOrderId }: Pick<OrderState, 'appmaxOrderId'>): ApiError {
  return new ApiError(409, 'another refund of this order has an unknown outcome', {
    code: 'earlier_refund_outcome_unknown',
    details: { order_id: appmaxOrderId },
  });
}

/** 409: another refund of the order is in progress. */
export function refundInProgress({ appmaxOrderId }: Pick<OrderState, 'appmaxOrderId'>): ApiError {
  return new ApiError(409, 'another refund of this order is in progress', {
    code: 'refund_in_progress',
    details: { order_id: appmaxOrderId },
    headers: { 'Retry-After': '1' },
  });
}

/** 502: the outcome of this refund is unknown. It is not sent again; operators see it. */
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

/** 422: the refund is larger than the refundable rest. @param left the rest in cents. */
export function refundTooLarge(left: number): ApiError {
  return new ApiError(422, 'the refunds of this order would pass its total', {
    code: 'refund_too_large',
    details: { refundable_cents: left },
  });
}

/** 409: the same upsell is in progress. */
export function upsellInProgress(): ApiError {
  return new ApiError(409, 'this upsell is in progress', { code: 'upsell_in_progress', outcome: 'open' });
}

/** 422: the upsell_hash was used for another upsell; it is valid for one. */
export function upsellHashUsed(): ApiError {
  return new ApiError(422, 'this upsell_hash was used for another upsell', { code: 'upsell_hash_used' });
}

/** 502: the outcome of an upsell is unknown. It is not sent again; operators see it. */
export function upsellUnknown(cause?: unknown): ApiError {
  return new ApiError(502, 'payment outcome unknown', { outcome: 'open', cause });
}

/** 503: a backup was restored, and this must wait until Appmax can be asked, or until a person has reopened. */
export function closedAfterRestoration(seconds: number): ApiError {
  return new ApiError(503, 'closed for the moment: a backup of the database was restored', {
    code: 'closed_after_restoration',
    headers: { 'Retry-After': String(seconds) },
  });
}

export function operationNotFound(): ApiError {
  return new ApiError(404, 'operation not found');
}

export function invalidOperationId(): ApiError {
  return new ApiError(400, 'invalid operation id');
}

/** 409: the operation may still have its effect. */
export function tooEarly(): ApiError {
  return new ApiError(409, 'too early: the operation may still have its effect', {
    code: 'operation_may_still_happen',
    headers: { 'Retry-After': '30' },
  });
}

/** 409: the outcome is already known. */
export function alreadySettled(state: string): ApiError {
  return new ApiError(409, `the outcome of this operation is known: ${state}`, {
    code: 'operation_outcome_known',
  });
}

/** 409: the request has lost its idempotency key to a repeat of it. */
export function takenOver(): ApiError {
  return new ApiError(409, 'a repeat of this request has taken its place', {
    code: 'request_superseded',
    outcome: 'open',
  });
}
