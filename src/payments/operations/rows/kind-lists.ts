import { PAYMENT_METHODS } from '../../../appmax';
import { isOfClass, OPERATION_KINDS, type OperationKind } from '../state/operation';
import { isPayment } from '../state/rules';

const listOf = (kinds: readonly OperationKind[]): string => kinds.map((kind) => `'${kind}'`).join(', ');
const isCharge = (kind: OperationKind): boolean => isOfClass(kind, 'charge');

/** SQL: the lists of kinds for conditions such as `kind IN (…)`, derived from the classes of the kinds. */
export const KIND_LISTS = {
  methods: listOf(PAYMENT_METHODS),
  charges: listOf(OPERATION_KINDS.filter(isCharge)),
  /** The payment methods that are charges; an upsell is none. */
  chargeMethods: listOf(PAYMENT_METHODS.filter(isCharge)),
  codes: listOf(OPERATION_KINDS.filter((kind) => isOfClass(kind, 'code'))),
  payments: listOf(OPERATION_KINDS.filter((kind) => isPayment({ kind }))),
};
