import { wireTime } from '../common/wire-time';
import { type Customer } from '../customers/customer';
import { type Order, type Payment, type Product } from '../orders/order';

/** The data of a customer in webhooks. */
export interface CustomerFacts {
  readonly id: number;
  readonly firstname: string;
  readonly lastname: string;
  readonly email: string;
  readonly phone: string;
  readonly documentNumber: string | null;
}

/** The data of an order in webhooks, before a content model formats it. Money in cents. */
export interface OrderFacts {
  readonly orderId: number;
  readonly status: string;
  readonly productsValue: number;
  readonly shippingValue: number;
  readonly discountValue: number;
  /** The interest of the installments. */
  readonly interest: number;
  readonly total: number;
  readonly products: readonly Product[];
  readonly customer: CustomerFacts;
  readonly payment: Payment | null;
  readonly boletoUrl: string | null;
  /** `YYYY-MM-DDThh:mm:ss`; null if the payment is not a Pix. */
  readonly pixExpiration: string | null;
  readonly subscriptionId: number | null;
  readonly createdAt: string;
  readonly paidAt: string | null;
}

export function customerFacts(customer: Customer): CustomerFacts {
  const { first_name, last_name, email, phone, document_number } = customer.details;
  return {
    id: customer.id,
    firstname: first_name,
    lastname: last_name,
    email,
    phone,
    documentNumber: document_number ?? null,
  };
}

/**
 * Returns the current data of an order for a webhook.
 * @param status the asserted status of the event, which can differ from the order's status
 * @param boletoUrlOf returns the URL of a boleto's PDF
 */
export function orderFacts(
  order: Order,
  status: string,
  boletoUrlOf: (paymentId: number) => string,
  utcOffsetHours: number,
): OrderFacts {
  const payment = order.payments.at(-1) ?? null;
  const paidAt = order.payments.find(({ state }) => state === 'paid')?.paidAt ?? null;
  return {
    orderId: order.id,
    status,
    productsValue: order.productsValue,
    shippingValue: order.shippingValue,
    discountValue: order.discountValue,
    interest: payment?.fee ?? 0,
    total: order.total,
    products: order.products,
    customer: customerFacts(order.customer),
    payment,
    boletoUrl: payment?.method === 'boleto' ? boletoUrlOf(payment.id) : null,
    pixExpiration:
      payment?.method === 'pix' ? wireTime(payment.expiresAt, utcOffsetHours).replace(' ', 'T') : null,
    subscriptionId: order.subscription?.id ?? null,
    createdAt: wireTime(order.createdAt, utcOffsetHours),
    paidAt: paidAt === null ? null : wireTime(paidAt, utcOffsetHours),
  };
}
