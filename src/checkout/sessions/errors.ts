import { appmaxRefusals, paymentRefusals } from '../../appmax';
import { ApiError, type FieldError, invalidBody, invalidQuery } from '../../common/errors/api-error';
import { tooManyRequests } from '../../common/errors/refusals';
import { installationNotFound } from '../../installations';
import { orderNotFound, tooManyStreams } from '../../orders';
import {
  alreadyPaid,
  closedAfterRestoration,
  inProgress,
  outcomeUnknown,
  paymentDeclined,
  sessionCompleted,
  sessionExpired,
  tooManyDeclines,
} from '../../payments';

/** 404: there is no session with this id, or it is another shop's. */
export function sessionNotFound(): ApiError {
  return new ApiError(404, 'session not found');
}

/** 409: the shop has made another session with this reference. */
export function referenceUsed(): ApiError {
  return new ApiError(409, 'reference already used');
}

/** 400: the session does not allow the payment method. */
export function methodNotAllowed(): ApiError {
  return new ApiError(400, 'payment method not allowed');
}

/** 409: the total is not the one that the shopper saw. @param cents the total now. */
export function priceChanged(cents: number): ApiError {
  return new ApiError(409, 'price changed', { details: { total_value: cents } });
}

/** 400: fields of the body that only the session can judge. */
export function invalidFields(...errors: readonly FieldError[]): ApiError {
  return invalidBody(errors);
}

const PAID = { appmaxOrderId: 1773760001, status: 'aprovado' };
const OPEN = { ...PAID, status: 'pendente' };
const UNKNOWN_SHOP = installationNotFound();
const UNKNOWN_SESSION = sessionNotFound();
const WRONG_FIELDS = invalidBody([{ field: 'items', message: 'items must contain at least 1 elements' }]);
const MISSING_FIELDS = invalidBody([{ field: 'customer.email', message: 'email is required' }]);

const LIMITED = tooManyRequests(60);

const PAYING: readonly ApiError[] = [
  LIMITED,
  MISSING_FIELDS,
  methodNotAllowed(),
  UNKNOWN_SESSION,
  sessionExpired(),
  sessionCompleted(),
  alreadyPaid(PAID),
  inProgress(OPEN),
  outcomeUnknown(OPEN),
  closedAfterRestoration(60),
  ...paymentRefusals('payment processing failed'),
];

/** The error responses of the routes of sessions, for the OpenAPI document. */
export const SESSION_REFUSALS = {
  create: [WRONG_FIELDS, UNKNOWN_SHOP, referenceUsed()],
  list: [invalidQuery([{ field: 'limit', message: 'limit must not be greater than 200' }]), UNKNOWN_SHOP],
  get: [UNKNOWN_SHOP, UNKNOWN_SESSION],
  expire: [UNKNOWN_SHOP, UNKNOWN_SESSION, sessionCompleted()],
  view: [UNKNOWN_SESSION, LIMITED],
  installments: [
    UNKNOWN_SESSION,
    LIMITED,
    methodNotAllowed(),
    ...appmaxRefusals('failed to fetch installments'),
  ],
  payByCard: [
    ...PAYING,
    paymentDeclined({ ...PAID, status: 'cancelado' }),
    priceChanged(19988),
    tooManyDeclines(600),
  ],
  pay: PAYING,
  stream: [UNKNOWN_SESSION, LIMITED, orderNotFound(), tooManyStreams()],
} as const satisfies Readonly<Record<string, readonly ApiError[]>>;
