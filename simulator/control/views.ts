import { type ClockState } from '../clock/simulated-clock';
import { type Merchant } from '../merchants/merchant';
import { capturedAmount, type Order, type Payment, refundedAmount } from '../orders/order';
import { possibleActions } from '../orders/order-actions';
import { type ContentModel, type Generation } from '../settings/settings';

/** A payment as the control API shows it. Cents; UTC of the simulated clock. */
export interface PaymentView {
  readonly id: number;
  readonly method: Payment['method'];
  readonly state: Payment['state'];
  readonly amount: number;
  readonly reference: string;
  readonly created_at: string;
  readonly paid_at: string | null;
  readonly installments: number | null;
  readonly card: {
    readonly brand: string;
    readonly number: string;
    readonly soft_descriptor: string | null;
  } | null;
  readonly pix: { readonly emv: string; readonly expires_at: string } | null;
  readonly boleto: {
    readonly digitable_line: string;
    readonly barcode: string;
    readonly due_date: string;
    readonly pdf_path: string;
  } | null;
}

/** An order as the control API shows it. Cents; UTC of the simulated clock. */
export interface OrderView {
  readonly id: number;
  readonly external_key: string;
  readonly customer_id: number;
  readonly customer_name: string;
  readonly status: string;
  readonly total: number;
  readonly captured: number;
  readonly refunded: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly settled_at: string | null;
  readonly refunded_at: string | null;
  readonly upsell_hash: string | null;
  readonly upsell_of: number | null;
  readonly tracking_code: string | null;
  readonly products: Order['products'];
  readonly payments: readonly PaymentView[];
  readonly refunds: readonly {
    readonly type: string;
    readonly amount: number;
    readonly requested_at: string;
    readonly completed_at: string | null;
    readonly denied_at: string | null;
  }[];
  readonly history: readonly { readonly at: string; readonly status: string; readonly cause: string }[];
  /** The actions that are possible now. */
  readonly actions: readonly string[];
}

/** A merchant as the control API shows it, without secrets. */
export interface MerchantView {
  readonly external_key: string;
  readonly store_name: string;
  readonly site_id: string;
  readonly api: Generation | null;
  readonly external_id: string | null;
  readonly domain_names: readonly string[];
  readonly installed_at: string | null;
  readonly client_ids: readonly string[];
  readonly webhook_url: string | null;
  readonly content_model: ContentModel | null;
  readonly app_store_envelope: boolean | null;
}

export type { ClockState };

/** Formats an instant in milliseconds as ISO text, UTC. */
export function isoTime(instant: number): string {
  return new Date(instant).toISOString();
}

function isoOrNull(instant: number | null): string | null {
  return instant === null ? null : isoTime(instant);
}

function paymentView(payment: Payment): PaymentView {
  const { id, method, state, amount, reference } = payment;
  return {
    id,
    method,
    state,
    amount,
    reference,
    created_at: isoTime(payment.createdAt),
    paid_at: isoOrNull(payment.paidAt),
    installments: payment.method === 'credit_card' ? payment.installments : null,
    card:
      payment.method === 'credit_card'
        ? { brand: payment.brand, number: payment.maskedNumber, soft_descriptor: payment.softDescriptor }
        : null,
    pix: payment.method === 'pix' ? { emv: payment.emv, expires_at: isoTime(payment.expiresAt) } : null,
    boleto:
      payment.method === 'boleto'
        ? {
            digitable_line: payment.digitableLine,
            barcode: payment.barcode,
            due_date: payment.dueDate,
            pdf_path: `/boletos/${payment.id}.pdf`,
          }
        : null,
  };
}

export function orderView(order: Order): OrderView {
  const { first_name, last_name } = order.customer.details;
  return {
    id: order.id,
    external_key: order.merchant.externalKey,
    customer_id: order.customer.id,
    customer_name: `${first_name} ${last_name}`,
    status: order.status,
    total: order.total,
    captured: capturedAmount(order),
    refunded: refundedAmount(order),
    created_at: isoTime(order.createdAt),
    updated_at: isoTime(order.updatedAt),
    settled_at: isoOrNull(order.settledAt),
    refunded_at: isoOrNull(order.refundedAt),
    upsell_hash: order.upsellHash,
    upsell_of: order.upsellOf,
    tracking_code: order.trackingCode,
    products: order.products,
    payments: order.payments.map(paymentView),
    refunds: order.refunds.map(({ type, amount, requestedAt, completedAt, deniedAt }) => ({
      type,
      amount,
      requested_at: isoTime(requestedAt),
      completed_at: isoOrNull(completedAt),
      denied_at: isoOrNull(deniedAt),
    })),
    history: order.history.map(({ at, status, cause }) => ({ at: isoTime(at), status, cause })),
    actions: possibleActions(order).map(({ action }) => action),
  };
}

export function merchantView(merchant: Merchant): MerchantView {
  return {
    external_key: merchant.externalKey,
    store_name: merchant.storeName,
    site_id: merchant.siteId,
    api: merchant.api,
    external_id: merchant.externalId,
    domain_names: merchant.domainNames,
    installed_at: isoOrNull(merchant.installedAt),
    client_ids: [...merchant.clientIds],
    webhook_url: merchant.webhookUrl,
    content_model: merchant.contentModel,
    app_store_envelope: merchant.appStoreEnvelope,
  };
}
