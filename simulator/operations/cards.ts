import { setTimeout as wait } from 'node:timers/promises';
import { type ApiAnswer } from '../answers/answer';
import { installmentsData } from '../answers/installments-answer';
import { ApiError } from '../appmax/api-error';
import { type MerchantCall } from '../appmax/route';
import { validBody } from '../appmax/validation';
import { idSequence } from '../common/identifiers';
import { type CardPayment } from '../orders/order';
import { isPayable } from '../orders/order-status';
import { type Card, cardPaymentSchema, readCard, tokenizeSchema } from '../payments/card';
import { chargeCard } from '../payments/card-payment';
import { installmentPlans, installmentsSchema } from '../payments/installments';
import { type Settings } from '../settings/settings';
import { type Simulator } from '../simulator';
import { orderOf } from './orders';

const nextSubscriptionId = idSequence();

type CardDetails = ReturnType<typeof cardPaymentSchema.parse>['payment_data']['credit_card'];

function cardUsed(simulator: Simulator, call: MerchantCall, details: CardDetails): Card {
  if ('number' in details) return readCard(details.number, call.generation);
  const card = simulator.cardTokens.redeem(call.merchant, details.token);
  if (card !== null) return card;
  const message = 'The card token is invalid or was used already.';
  throw new ApiError(422, 'validation', message, { 'payment_data.credit_card.token': [message] });
}

function declined(call: MerchantCall, payment: CardPayment, settings: Settings): ApiAnswer {
  const form = settings.decline_form ?? (call.generation === 'g1' ? 'empty_reference' : '402');
  if (form === 'empty_reference') {
    const status = settings.card_answer_status ? { status: 'cancelado' } : {};
    return { status: 200, body: { data: { payment: { id: payment.id, pay_reference: '', ...status } } } };
  }
  const message =
    settings.decline_text ?? (form === '401' ? 'Payment not authorized' : 'Pagamento não autorizado');
  if (form === 'success_false') throw new ApiError(200, 'refused', message, undefined, 'success_false');
  throw new ApiError(form === 'error' ? 400 : Number(form), 'refused', message);
}

/**
 * Pays an order by card (`POST /v1/payments/credit-card`). A paid order is refused, but this is checked before the card
 * is processed: two concurrent calls, or a second one while anti-fraud runs, charge twice.
 */
export async function payByCard(simulator: Simulator, call: MerchantCall): Promise<ApiAnswer> {
  const body = validBody(cardPaymentSchema, call.body);
  const order = orderOf(simulator, call, body.order_id);
  if (order.customer.id !== body.customer_id) {
    const message = 'The customer is not the one of the order.';
    throw new ApiError(422, 'validation', message, { customer_id: [message] });
  }
  if (!isPayable(order.status) && !call.evenIfPaid)
    throw new ApiError(400, 'refused', 'The order is already paid.');
  const details = body.payment_data.credit_card;
  const card = cardUsed(simulator, call, details);
  if (card.outcome === 'transaction_error') throw new ApiError(400, 'refused', 'Transaction error.');
  if (card.outcome === 'order_failed') throw new ApiError(422, 'refused', 'falha no pedido');
  if (card.outcome === 'gateway_unavailable') throw new ApiError(503, 'broken', 'Gateway unavailable.');
  const { settings } = simulator;
  await wait(settings.card_processing_milliseconds);
  const { subscription } = body.payment_data;
  const payment = chargeCard(simulator, order, {
    card,
    installments: details.installments,
    softDescriptor: details.soft_descriptor ?? null,
    subscription:
      subscription === undefined
        ? null
        : {
            id: nextSubscriptionId(),
            interval: subscription.interval,
            intervalCount: subscription.interval_count,
          },
  });
  if (payment.state === 'declined') return declined(call, payment, settings);
  return call.answers.acceptedCard(order, payment, settings);
}

/** Returns a card token for one payment (`POST /v1/payments/tokenize`). */
export function tokenizeCard(simulator: Simulator, call: MerchantCall): ApiAnswer {
  const { payment_data } = validBody(tokenizeSchema, call.body);
  const card = readCard(payment_data.credit_card.number, call.generation);
  const token = simulator.cardTokens.issue(call.merchant, card);
  return { status: call.answers.createdStatus, body: { data: { token } } };
}

/** Returns the total for each number of installments (`POST /v1/payments/installments`). */
export function offerInstallments(simulator: Simulator, call: MerchantCall): ApiAnswer {
  const { installments, total_value } = validBody(installmentsSchema, call.body);
  const { settings } = simulator;
  const plans = installmentPlans(total_value, installments, settings.installment_fee_percent);
  const form = settings.installments_form ?? call.answers.installments;
  return { status: 200, body: { data: installmentsData(form, plans, settings) } };
}
