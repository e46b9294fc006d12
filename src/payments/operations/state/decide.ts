import { isPaid } from '../../../orders';
import type { CloseVerdict, Decision } from './effect';
import type { Operation, OperationKind, OrderReading, Sale } from './operation';
import { isCode, isPayment, isUnderWay, type Rules } from './rules';

/** Decides about a request for a payment. */
export function decide(
  sale: Sale,
  { kind, keyId, reading }: { kind: OperationKind; keyId: number | null; reading: OrderReading | null },
  rules: Rules,
): Decision {
  const own = sale.operations.findLast(
    (operation) => isPayment(operation) && operation.keyId === keyId && keyId !== null,
  );
  if (own !== undefined && !rules.mayBeMadeAgain(own)) {
    if (isUnderWay(own)) return { kind: 'in_progress' };
    if (own.state === 'unknown') return { kind: 'judge', id: own.id };
    return { kind: 'answer', id: own.id };
  }
  if (isPaid(sale.orderStatus)) return { kind: 'not_payable', status: sale.orderStatus };
  if (!rules.takesPayments(sale)) return { kind: 'closed', closure: sale.closure ?? 'replaced' };
  if (rules.isBusy(sale)) return { kind: 'in_progress' };
  if (reading === null && rules.needsReading(sale)) return { kind: 'read' };
  if (reading !== null && !rules.isPayable(reading.status))
    return { kind: 'not_payable', status: reading.status };
  if (rules.isPaidFor(sale)) return { kind: 'not_payable', status: sale.orderStatus };
  const open = openCodeOf(sale, kind, reading?.status ?? sale.orderStatus, rules);
  if (open !== undefined) return { kind: 'answer', id: open.id };
  return { kind: 'prepare', baseline: reading };
}

/** Decides if an order can be closed, so that another order of its checkout session may be paid. */
export function judgeClosing(sale: Sale, reading: OrderReading | null, rules: Rules): CloseVerdict {
  if (isPaid(sale.orderStatus) || rules.isPaidFor(sale)) return 'paid';
  if (rules.isBusy(sale)) return 'in_use';
  if (reading === null && rules.needsReading(sale)) return 'read';
  if (reading !== null && isPaid(reading.status)) return 'paid';
  if (reading !== null && !rules.isPayable(reading.status)) return 'in_use';
  return rules.hasPayableCode(sale) ? 'in_use' : 'closed';
}

/** Finds the open code that a client gets instead of a new one. */
export function openCodeOf(
  sale: Sale,
  kind: OperationKind,
  status: string,
  rules: Rules,
): Operation | undefined {
  return sale.operations.findLast(
    (operation) => isCode(operation) && operation.kind === kind && rules.isOpenCode(operation, sale, status),
  );
}
