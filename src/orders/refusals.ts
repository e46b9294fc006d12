import { appmaxRefusals, paymentRefusals } from '../appmax/appmax-refusals';
import { ApiError, invalidBody } from '../common/errors/api-error';
import { tooManyDeclines } from './payments/payment-errors';

/** 404: nobody has installed the app under the key of the path. */
const UNKNOWN_SHOP = new ApiError(404, 'installation not found');

const UNKNOWN_ORDER = new ApiError(404, 'order not found');

const WRONG_FIELDS = invalidBody([{ field: 'customer.email', message: 'email must be an email' }]);

const NO_ORDER_ID = new ApiError(400, 'order_id is required');

const RAW_CARD = new ApiError(400, 'raw card data is not accepted; tokenize the card in the browser');

const PAYING: readonly ApiError[] = [
  WRONG_FIELDS,
  UNKNOWN_SHOP,
  UNKNOWN_ORDER,
  new ApiError(409, 'order already paid', { details: { order_id: 1773760001, status: 'aprovado' } }),
  new ApiError(409, 'another payment of this order is in progress'),
  new ApiError(502, 'payment outcome unknown', { details: { order_id: 1773760001, status: 'pendente' } }),
  ...paymentRefusals('payment processing failed'),
];

const REFUNDING: readonly ApiError[] = [
  new ApiError(409, 'an earlier refund of this order has an unknown outcome: check it in the Appmax panel', {
    details: { order_id: 1773760001 },
  }),
  new ApiError(422, 'the refunds of this order would pass its total', { details: { refundable_cents: 990 } }),
];

/** What the routes of the checkout answer that is no success, for the API's document. */
export const CHECKOUT_REFUSALS = {
  order: [WRONG_FIELDS, UNKNOWN_SHOP, ...appmaxRefusals('order creation failed')],
  payByCard: [...PAYING, RAW_CARD, tooManyDeclines(600)],
  pay: PAYING,
  status: [new ApiError(400, 'invalid order_id'), UNKNOWN_SHOP, UNKNOWN_ORDER],
  config: [UNKNOWN_SHOP],
  installments: [
    new ApiError(400, 'total_value is required'),
    UNKNOWN_SHOP,
    ...appmaxRefusals('failed to fetch installments'),
  ],
  tokenize: [WRONG_FIELDS, RAW_CARD, UNKNOWN_SHOP, ...appmaxRefusals('tokenization failed')],
  upsell: [WRONG_FIELDS, UNKNOWN_SHOP, ...appmaxRefusals('upsell failed')],
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
