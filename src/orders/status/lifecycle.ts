import type { OrderStatus } from '../../appmax';
import { isKnown, mayBecome } from './status-rules';

/**
 * The statuses in the order in which an order's life goes through them: each stands after those that it may follow.
 * Where the rules allow both ways (`autorizado` and `cancelado`, `pendente` and `cancelado`), the refusal is what is
 * new: the other one is told by the payment itself, which is the base that asserted statuses are folded onto.
 */
export const LIFECYCLE: readonly OrderStatus[] = [
  'pendente',
  'autorizado',
  'cancelado',
  'aprovado',
  'recusado_por_risco',
  'pendente_integracao',
  'pendente_integracao_em_analise',
  'integrado',
  'estornado',
  'chargeback_em_tratativa',
  'chargeback_em_disputa',
  'chargeback_perdido',
  'chargeback_vencido',
];

/** How far each status is in an order's life; those that are equally far tell nothing of one another. */
const PROGRESS: Readonly<Record<OrderStatus, number>> = {
  pendente: 0,
  autorizado: 1,
  cancelado: 1,
  aprovado: 2,
  pendente_integracao: 3,
  pendente_integracao_em_analise: 3,
  integrado: 4,
  recusado_por_risco: 5,
  estornado: 5,
  chargeback_em_tratativa: 6,
  chargeback_em_disputa: 7,
  chargeback_perdido: 8,
  chargeback_vencido: 8,
};

/**
 * Folds a set of asserted statuses into one. The order in which they came does not matter: they are applied in the order
 * of LIFECYCLE, each under the rules of status-rules.ts.
 *
 * @param base the status that payments, or Appmax itself, gave the order before the assertions.
 */
export function foldAssertedStatuses(base: string, asserted: Iterable<string>): string {
  const statuses = new Set(asserted);
  return LIFECYCLE.filter((status) => statuses.has(status)).reduce<string>(
    (current, next) => (mayBecome(current, next) ? next : current),
    base,
  );
}

/** Whether a status comes earlier in an order's life than the one that an event asserts. An unknown status never does. */
export function isBehind(status: string, asserted: OrderStatus): boolean {
  return isKnown(status) && PROGRESS[status] < PROGRESS[asserted];
}

/** Whether an asserted status would change an order: it is another one, and comes later or may follow. */
export function isNews(orderStatus: string, asserted: OrderStatus): boolean {
  return orderStatus !== asserted && (isBehind(orderStatus, asserted) || mayBecome(orderStatus, asserted));
}
