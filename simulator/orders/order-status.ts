/** The states an order of Appmax can be in, by Appmax's own names. */
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

/** The status of an order: a known one, or any text that a person or a setting puts there. */
export type OrderStatus = KnownStatus | (string & {});

const payable: readonly string[] = ['pendente', 'autorizado', 'cancelado'];
const paid: readonly string[] = [
  'aprovado',
  'integrado',
  'pendente_integracao',
  'pendente_integracao_em_analise',
];

/**
 * Whether Appmax takes (another) payment for an order in that state. An order that is only authorised counts: it
 * is not paid yet, and a second card is charged a second time.
 */
export function isPayable(status: OrderStatus): boolean {
  return payable.includes(status);
}

/** Whether the shopper's money is there and nobody disputes it. */
export function isPaid(status: OrderStatus): boolean {
  return paid.includes(status);
}
