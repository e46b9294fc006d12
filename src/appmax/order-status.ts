/** The known statuses of orders at Appmax. */
export const ORDER_STATUSES = [
  'pendente',
  'autorizado',
  'aprovado',
  'cancelado',
  'estornado',
  'integrado',
  'pendente_integracao',
  'pendente_integracao_em_analise',
  'recusado_por_risco',
  'chargeback_em_tratativa',
  'chargeback_em_disputa',
  'chargeback_perdido',
  'chargeback_vencido',
] as const;

export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** The statuses of orders whose payment was refused, by the issuer or by anti-fraud. */
export const REFUSED_STATUSES: ReadonlySet<string> = new Set<OrderStatus>([
  'cancelado',
  'recusado_por_risco',
]);

/** The statuses of orders that are not paid. In each other known status, the order has been paid. */
export const UNPAID_STATUSES: ReadonlySet<string> = new Set(['pendente', ...REFUSED_STATUSES]);

/** The payment methods of an order. */
export const PAYMENT_METHODS = ['credit_card', 'pix', 'boleto'] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

/** The length limit of a status in the database. */
const STATUS_LENGTH = 64;

/**
 * Normalizes a status for the database: trims and shortens it. A status that is not in {@link ORDER_STATUSES} is kept.
 * `aguardando_pagamento`, which Appmax's documentation uses once, is `pendente`.
 */
export function normaliseStatus(status: string): string {
  const trimmed = status.trim().slice(0, STATUS_LENGTH);
  return trimmed === 'aguardando_pagamento' ? 'pendente' : trimmed;
}
