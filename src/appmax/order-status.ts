/** The statuses that Appmax's orders have. */
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

/** The statuses of orders that wait for a payment; in all others that we know, they have been paid. */
export const UNPAID_STATUSES: ReadonlySet<string> = new Set(['pendente', ...REFUSED_STATUSES]);

/** The ways to pay an order. */
export const PAYMENT_METHODS = ['credit_card', 'pix', 'boleto'] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

/** The longest status that the database keeps. */
const STATUS_LENGTH = 64;

/**
 * A status as it is kept: one of {@link ORDER_STATUSES} or, when Appmax says one that we don't know, that one as it
 * came. Appmax's documentation once calls `pendente` `aguardando_pagamento`.
 */
export function normaliseStatus(status: string): string {
  const trimmed = status.trim().slice(0, STATUS_LENGTH);
  return trimmed === 'aguardando_pagamento' ? 'pendente' : trimmed;
}
