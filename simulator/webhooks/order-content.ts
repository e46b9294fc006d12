import { reais } from '../common/money';
import { type ContentModel } from '../settings/settings';
import { type OrderFacts } from './order-facts';

/** Writes an id as a number or as text. Appmax does both. */
export type IdForm = (id: number) => number | string;

type Content = Record<string, unknown>;

const paymentTypes = { credit_card: 'CreditCard', boleto: 'Billet', pix: 'Pix' } as const;

function paymentType(facts: OrderFacts): string | null {
  return facts.payment === null ? null : paymentTypes[facts.payment.method];
}

/** Returns the fields that only an open Pix or boleto has, with the prefix of the content model. */
function openPaymentFields(facts: OrderFacts, prefix: string): Content {
  const { payment } = facts;
  if (payment?.method === 'pix' && payment.state === 'open') {
    return { [`${prefix}pix_code`]: payment.emv, [`${prefix}pix_expiration_date`]: facts.pixExpiration };
  }
  if (payment?.method === 'boleto' && payment.state === 'open') {
    return { [`${prefix}billet_url`]: facts.boletoUrl, [`${prefix}billet_expiration_date`]: payment.dueDate };
  }
  return {};
}

function standard(facts: OrderFacts, id: IdForm): Content {
  const { firstname, lastname, email, phone } = facts.customer;
  return {
    id: id(facts.orderId),
    customer_id: id(facts.customer.id),
    total_products: reais(facts.productsValue),
    total: reais(facts.total),
    status: facts.status,
    payment_type: paymentType(facts),
    ...openPaymentFields(facts, ''),
    customer: { id: id(facts.customer.id), firstname, lastname, email, phone },
  };
}

function twoLevelFlat(facts: OrderFacts, id: IdForm): Content {
  return {
    order_id: id(facts.orderId),
    order_total_products: reais(facts.productsValue),
    order_total: reais(facts.total),
    order_status: facts.status,
    order_payment_type: paymentType(facts),
    ...openPaymentFields(facts, 'order_'),
    customer_id: id(facts.customer.id),
    customer_firstname: facts.customer.firstname,
    customer_lastname: facts.customer.lastname,
    customer_email: facts.customer.email,
    customer_phone: facts.customer.phone,
    customer_site: { id: 88 },
  };
}

function customContent(facts: OrderFacts, id: IdForm): Content {
  return {
    order_id: id(facts.orderId),
    order_status: facts.status,
    order_total: reais(facts.total),
    ...openPaymentFields(facts, ''),
  };
}

function paymentInfo(facts: OrderFacts): Content {
  const { payment } = facts;
  if (payment === null) return {};
  if (payment.method === 'pix') return { pix: { emv: payment.emv } };
  if (payment.method === 'boleto')
    return { billet: { url: facts.boletoUrl, digitable_line: payment.digitableLine } };
  return {
    credit_card: {
      installments: payment.installments,
      card_brand: payment.brand,
      nsu: payment.reference.slice(-10),
      authorization_code: payment.reference.slice(-6),
      captured_at: facts.paidAt,
    },
  };
}

/** Returns the App Store's data of an order: all fields, in cents. */
function appStore(facts: OrderFacts, id: IdForm, event: string): Content {
  return {
    order_id: id(facts.orderId),
    status: facts.status,
    total: facts.total,
    freight_value: facts.shippingValue,
    discount: facts.discountValue,
    interest: facts.interest,
    paid_at: facts.paidAt,
    created_at: facts.createdAt,
    products: facts.products.map(({ sku, name, unit_value, quantity }) => ({
      sku,
      name,
      price: unit_value ?? 0,
      quantity,
    })),
    payment_info: paymentInfo(facts),
    notification_type: event,
  };
}

function nested(facts: OrderFacts, id: IdForm): Content {
  return {
    order: {
      id: id(facts.orderId),
      status: facts.status,
      total_paid: facts.paidAt === null ? 0 : facts.total,
    },
    customer: { id: id(facts.customer.id) },
    payment: {
      method: paymentType(facts)?.toLowerCase() ?? null,
      installments: facts.payment?.method === 'credit_card' ? facts.payment.installments : 1,
    },
  };
}

/** Returns the App Store's data of a refused payment: customer and amount, but no order status. */
function refusedPayment(facts: OrderFacts, id: IdForm): Content {
  return {
    customer_id: id(facts.customer.id),
    order_id: id(facts.orderId),
    payment_type: facts.payment?.method ?? 'credit_card',
    payment_total: facts.total,
  };
}

/**
 * Returns the `data` of an order event in a content model.
 * @param options `event`: the snake_case name. `envelope`: true for the App Store envelope, which has more fields
 */
export function orderContent(
  model: ContentModel,
  facts: OrderFacts,
  options: { readonly event: string; readonly envelope: boolean; readonly id: IdForm },
): Content {
  const { event, envelope, id } = options;
  switch (model) {
    case 'standard':
      return standard(facts, id);
    case 'standard_meta':
      return { ...standard(facts, id), meta: [] };
    case 'two_level_flat':
      return twoLevelFlat(facts, id);
    case 'custom_content':
      return customContent(facts, id);
    case 'old_legacy_nested':
      return nested(facts, id);
    case 'old_legacy':
      if (!envelope) return { order_id: id(facts.orderId) };
      return event.startsWith('payment_') ? refusedPayment(facts, id) : appStore(facts, id, event);
  }
}
