import { ORDER_STATUSES, type OrderStatus, UNPAID_STATUSES } from '../../appmax';

const CHARGEBACKS = [
  'chargeback_em_tratativa',
  'chargeback_em_disputa',
  'chargeback_perdido',
  'chargeback_vencido',
] as const satisfies readonly OrderStatus[];

/**
 * The status changes that an event may cause without asking Appmax: from each status, the allowed next ones. Events
 * come late, repeated and in any sequence: an asserted status that is not allowed counts as outdated and is ignored.
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

/** Returns true if an event may change a status to another one. From an unknown status, every change is allowed. */
export function mayBecome(current: string, next: OrderStatus): boolean {
  return isKnown(current) ? MAY_BECOME[current].includes(next) : true;
}

/** Returns the statuses that may change to `next` ({@link mayBecome}), for a condition in SQL. */
export function statusesThatMayBecome(next: OrderStatus): OrderStatus[] {
  return ORDER_STATUSES.filter((current) => mayBecome(current, next));
}

/** The statuses in which an order accepts a payment, for a condition in SQL. */
export const PAYABLE_STATUSES: readonly string[] = [...UNPAID_STATUSES];

/** The statuses of orders that have been paid, refunded ones included, for a condition in SQL. */
export const PAID_STATUSES: readonly string[] = ORDER_STATUSES.filter(isPaid);

/** Returns the statuses that one proven by a payment replaces: the payable ones, and those that may change to it. */
export function statusesYieldingToPayment(status: string): string[] {
  const earlier = isKnown(status) ? statusesThatMayBecome(status) : [];
  return [...new Set([...PAYABLE_STATUSES, ...earlier])];
}

/** Returns true if a status is known and not one of the unpaid ones. */
export function isPaid(status: string): boolean {
  return isKnown(status) && !UNPAID_STATUSES.has(status);
}

/** Returns true if this version of the service knows the status. */
export function isKnown(status: string): status is OrderStatus {
  return KNOWN.has(status);
}

function isChargeback(status: OrderStatus): boolean {
  return (CHARGEBACKS as readonly OrderStatus[]).includes(status);
}
