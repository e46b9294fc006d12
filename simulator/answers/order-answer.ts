import { wireTime } from '../common/wire-time';
import { capturedAmount, installmentFee, mainPayment, type Order, type Payment } from '../orders/order';

/** The names of the payment methods in one generation. */
export type MethodNames = Readonly<Record<Payment['method'], string>>;

function paymentPart(payment: Payment, methods: MethodNames, utcOffsetHours: number): unknown {
  const card = payment.method === 'credit_card' ? payment : null;
  const installments = card?.installments ?? 1;
  return {
    method: methods[payment.method],
    installments,
    installments_amount: Math.round(payment.amount / installments),
    card: card === null ? null : { brand: card.brand, number: card.maskedNumber },
    paid_at: payment.paidAt === null ? null : wireTime(payment.paidAt, utcOffsetHours),
  };
}

/** Returns the fields of a `GET /v1/orders/{id}` response that both generations share. */
export function orderParts(
  order: Order,
  methods: MethodNames,
  utcOffsetHours: number,
): Record<string, unknown> {
  const payment = mainPayment(order);
  const fee = installmentFee(order);
  const { first_name, last_name, email, document_number } = order.customer.details;
  return {
    order: {
      id: order.id,
      status: order.status,
      total_paid: capturedAmount(order),
      amounts: {
        sub_total: order.productsValue - fee,
        shipping_value: order.shippingValue,
        discount: order.discountValue,
        installment_fee: fee,
      },
      created_at: wireTime(order.createdAt, utcOffsetHours),
      updated_at: wireTime(order.updatedAt, utcOffsetHours),
    },
    customer: {
      id: order.customer.id,
      name: `${first_name} ${last_name}`,
      email,
      document_number: document_number ?? null,
    },
    payment: payment === undefined ? null : paymentPart(payment, methods, utcOffsetHours),
  };
}
