/** The statuses of an order at Appmax. */
export const orderStatuses = [
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
export type KnownStatus = (typeof orderStatuses)[number];

/** The status of an order: a known one, or any text that a person or a setting has set. */
export type OrderStatus = KnownStatus | (string & {});

const payable: readonly string[] = ['pendente', 'autorizado', 'cancelado'];
const paid: readonly string[] = [
  'aprovado',
  'integrado',
  'pendente_integracao',
  'pendente_integracao_em_analise',
];

/**
 * Returns true if Appmax accepts a payment for an order in that status. This includes an order that is only
 * authorized: it is not paid yet, and a second card charges it again.
 */
export function isPayable(status: OrderStatus): boolean {
  return payable.includes(status);
}

/** Returns true if the order is paid and the payment is not disputed. */
export function isPaid(status: OrderStatus): boolean {
  return paid.includes(status);
}
