import { appmaxRefusals, paymentRefusals } from '../appmax';
import { ApiError, invalidBody } from '../common/errors/api-error';
import { unauthorized } from '../common/errors/refusals';
import { notCents } from '../common/validation/validators';
import { installationNotFound } from '../installations';
import { invalidOrderId, orderNotFound } from '../orders';
import {
  alreadyPaid,
  closedAfterRestoration,
  inProgress,
  notRefundable,
  orderReplaced,
  outcomeUnknown,
  paymentDeclined,
  refundInProgress,
  refundTooLarge,
  refundUnclear,
  refundUnknown,
  sessionCompleted,
  sessionExpired,
  tooManyDeclines,
  upsellHashUsed,
  upsellInProgress,
  upsellUnknown,
} from '../payments';

const UNKNOWN_SHOP = installationNotFound();

const UNKNOWN_ORDER = orderNotFound();

const WRONG_FIELDS = invalidBody([{ field: 'customer.email', message: 'email must be an email' }]);

const NO_ORDER_ID = new ApiError(400, 'order_id is required');

/** 400: the service accepts card tokens only. */
export const rawCardRefused = (): ApiError =>
  new ApiError(400, 'raw card data is not accepted; tokenize the card in the browser', {
    code: 'raw_card_data_not_accepted',
  });

const RAW_CARD = rawCardRefused();

/** 400: `total_value` is missing or not a positive integer. @param isDecimal true if it is an amount with decimals. */
export function totalValueRequired(isDecimal = false): ApiError {
  const errors = [{ field: 'total_value', message: notCents('total_value') }];
  return new ApiError(400, 'total_value is required', isDecimal ? { details: { errors } } : {});
}

const PAID = { appmaxOrderId: 1773760001, status: 'aprovado' };
const OPEN = { ...PAID, status: 'pendente' };

const CLOSED = closedAfterRestoration(60);

/** 401: with `STOREFRONT_ORDERS=sessions`, only holders of a secret key create orders. */
const NO_KEY = unauthorized();

const PAYING: readonly ApiError[] = [
  NO_KEY,
  WRONG_FIELDS,
  UNKNOWN_SHOP,
  UNKNOWN_ORDER,
  alreadyPaid(PAID),
  inProgress(OPEN),
  orderReplaced(OPEN),
  sessionExpired(),
  sessionCompleted(),
  outcomeUnknown(OPEN),
  CLOSED,
  ...paymentRefusals('payment processing failed'),
];

const REFUNDING: readonly ApiError[] = [
  notRefundable({ ...PAID, status: 'estornado' }),
  refundUnclear(PAID),
  refundInProgress(PAID),
  refundTooLarge(990),
  refundUnknown(PAID),
  CLOSED,
];

/** The error responses of the checkout's routes, for the OpenAPI document. */
export const CHECKOUT_REFUSALS = {
  order: [NO_KEY, WRONG_FIELDS, UNKNOWN_SHOP, CLOSED, ...appmaxRefusals('order creation failed')],
  payByCard: [...PAYING, paymentDeclined({ ...PAID, status: 'cancelado' }), RAW_CARD, tooManyDeclines(600)],
  pay: PAYING,
  status: [invalidOrderId(), UNKNOWN_SHOP, UNKNOWN_ORDER],
  config: [UNKNOWN_SHOP],
  installments: [totalValueRequired(), UNKNOWN_SHOP, ...appmaxRefusals('failed to fetch installments')],
  tokenize: [WRONG_FIELDS, RAW_CARD, UNKNOWN_SHOP, ...appmaxRefusals('tokenization failed')],
  upsell: [
    NO_KEY,
    WRONG_FIELDS,
    UNKNOWN_SHOP,
    upsellInProgress(),
    upsellHashUsed(),
    upsellUnknown(),
    CLOSED,
    ...paymentRefusals('upsell failed'),
  ],
  refund: [
    NO_ORDER_ID,
    ...REFUNDING,
    WRONG_FIELDS,
    UNKNOWN_SHOP,
    UNKNOWN_ORDER,
    ...appmaxRefusals('refund request failed'),
  ],
  tracking: [
    NO_ORDER_ID,
    WRONG_FIELDS,
    UNKNOWN_SHOP,
    UNKNOWN_ORDER,
    ...appmaxRefusals('tracking update failed'),
  ],
} as const satisfies Readonly<Record<string, readonly ApiError[]>>;
