import { ORDER_STATUSES, type OrderStatus, UNPAID_STATUSES } from '../../appmax';

const CHARGEBACKS = [
  'chargeback_em_tratativa',
  'chargeback_em_disputa',
  'chargeback_perdido',
  'chargeback_vencido',
] as const satisfies readonly OrderStatus[];

/**
 * What an order may become when an event says so and Appmax itself has not been asked. Events come late, twice and in
 * any order: one that isn't in the row of the order's present status is older than it, and is ignored.
 */
const MAY_BECOME: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  pendente: ORDER_STATUSES.filter((status) => status !== 'pendente' && !isChargeback(status)),
  autorizado: [
    'aprovado',
    'pendente_integracao',
    'integrado',
    'cancelado',
    'recusado_por_risco',
    'estornado',
  ],
  aprovado: [
    'pendente_integracao',
    'pendente_integracao_em_analise',
    'integrado',
    'estornado',
    'recusado_por_risco',
    ...CHARGEBACKS,
  ],
  pendente_integracao: ['integrado', 'pendente_integracao_em_analise', 'estornado', ...CHARGEBACKS],
  pendente_integracao_em_analise: [
    'integrado',
    'pendente_integracao',
    'aprovado',
    'estornado',
    ...CHARGEBACKS,
  ],
  integrado: ['estornado', ...CHARGEBACKS],
  // The shopper paid the same order again.
  cancelado: ['pendente', 'autorizado', 'aprovado', 'pendente_integracao', 'integrado'],
  recusado_por_risco: [],
  estornado: ['chargeback_em_tratativa'],
  chargeback_em_tratativa: ['chargeback_em_disputa', 'chargeback_perdido', 'chargeback_vencido'],
  chargeback_em_disputa: ['chargeback_perdido', 'chargeback_vencido'],
  chargeback_perdido: [],
  chargeback_vencido: [],
};

const KNOWN: ReadonlySet<string> = new Set(ORDER_STATUSES);

/** Whether an event that says `next` changes an order that is `now`. A status that we don't know yields to any. */
export function mayBecome(now: string, next: OrderStatus): boolean {
  return isKnown(now) ? MAY_BECOME[now].includes(next) : true;
}

/** The statuses that yield to `next`: what {@link mayBecome} says, for a condition in SQL. */
export function statusesThatMayBecome(next: OrderStatus): OrderStatus[] {
  return ORDER_STATUSES.filter((now) => mayBecome(now, next));
}

/** The statuses in which an order takes a payment, for a condition in SQL. */
export const PAYABLE_STATUSES: readonly string[] = [...UNPAID_STATUSES];

/** The statuses that yield to one that a payment proves: those in which an order waits for a payment, and earlier ones. */
export function statusesYieldingToPayment(status: string): string[] {
  const earlier = isKnown(status) ? statusesThatMayBecome(status) : [];
  return [...new Set([...PAYABLE_STATUSES, ...earlier])];
}

export function isPaid(status: string): boolean {
  return isKnown(status) && !UNPAID_STATUSES.has(status);
}

export function isKnown(status: string): status is OrderStatus {
  return KNOWN.has(status);
}

function isChargeback(status: OrderStatus): boolean {
  return (CHARGEBACKS as readonly OrderStatus[]).includes(status);
}
