import type { OrderStatus } from '../../appmax';
import { isKnown, mayBecome } from './status-rules';

/**
 * The statuses in the order in which an order's life goes through them: each stands after those that it may follow.
 * Where the rules allow both ways (`autorizado` and `cancelado`, `pendente` and `cancelado`), the refusal is what is
 * new: the other one is told by the payment itself, which is the base that claims are folded onto.
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
 * The status that a set of claims leads to, whatever order they came in: they are applied in the order of an order's
 * life, each under the rules of status-rules.ts.
 *
 * @param base the status that payments, or Appmax itself, gave the order before the claims.
 */
export function foldClaims(base: string, claimed: Iterable<string>): string {
  const claims = new Set(claimed);
  return LIFECYCLE.filter((status) => claims.has(status)).reduce<string>(
    (now, claim) => (mayBecome(now, claim) ? claim : now),
    base,
  );
}

/** Whether Appmax's answer is behind what an event claimed. A status that we don't know is Appmax's word, not less. */
export function saysLess(answer: string, claimed: OrderStatus): boolean {
  return isKnown(answer) && PROGRESS[answer] < PROGRESS[claimed];
}

/** Whether Appmax must be asked before a claim can be believed: it says more than we know, or something else. */
export function isNews(now: string, claimed: OrderStatus): boolean {
  return now !== claimed && (saysLess(now, claimed) || mayBecome(now, claimed));
}
