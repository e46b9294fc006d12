import type { OrderStatus } from '../../appmax';
import { isKnown, mayBecome } from './status-rules';

/**
 * All statuses, in the sequence in which an order can have them: each one after those that it may follow. If the rules
 * allow both directions (`autorizado` and `cancelado`, `pendente` and `cancelado`), `cancelado` is later: the payment
 * itself sets the other one, as the base status of {@link foldAssertedStatuses}.
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

/** The progress of an order in each status. Statuses with equal progress are not comparable. */
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
 * Folds a set of asserted statuses into one status. They are applied in the sequence of LIFECYCLE by the rules of
 * status-rules.ts, so the time of their arrival does not matter.
 *
 * @param base the status that a payment or Appmax gave the order before.
 */
export function foldAssertedStatuses(base: string, asserted: Iterable<string>): string {
  const statuses = new Set(asserted);
  return LIFECYCLE.filter((status) => statuses.has(status)).reduce<string>(
    (current, next) => (mayBecome(current, next) ? next : current),
    base,
  );
}

/** Returns true if a status has less progress than an asserted one. An unknown status never has. */
export function isBehind(status: string, asserted: OrderStatus): boolean {
  return isKnown(status) && PROGRESS[status] < PROGRESS[asserted];
}

/** Returns true if an asserted status would change an order: it has more progress, or the rules allow the change. */
export function isNews(orderStatus: string, asserted: OrderStatus): boolean {
  return orderStatus !== asserted && (isBehind(orderStatus, asserted) || mayBecome(orderStatus, asserted));
}
