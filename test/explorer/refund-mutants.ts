import { RULES } from '../../src/payments/operations/state/rules';
import type { MutantsOf } from './mutant';

const always = (): true => true;
const never = (): false => false;

/** Mutants of the rules of refunds. */
export const REFUND_MUTANTS = {
  isRefundable: [
    {
      what: 'a refunded order is refunded again',
      scenarios: ['a full refund beside a chargeback'],
      broken: always,
    },
  ],
  countsAsRefunded: [
    {
      what: 'a refund counts only once it is confirmed',
      scenarios: ['two partial refunds above the total, lagging reads'],
      broken: ({ state }) => state === 'confirmed',
    },
    {
      what: 'a confirmed refund does not count',
      scenarios: ['two partial refunds above the total, lagging reads'],
      broken: (operation) => operation.state !== 'confirmed' && RULES.countsAsRefunded(operation),
    },
    {
      what: 'an accepted refund does not count until it is confirmed',
      scenarios: ['two full refunds'],
      broken: (operation) => operation.state !== 'done' && RULES.countsAsRefunded(operation),
    },
    {
      what: 'a denied refund counts',
      scenarios: ['two full refunds'],
      broken: (operation) => operation.state === 'denied' || RULES.countsAsRefunded(operation),
    },
    {
      what: 'a refused refund counts',
      scenarios: ['two full refunds'],
      broken: (operation) => operation.state === 'refused' || RULES.countsAsRefunded(operation),
    },
  ],
  isInReview: [
    { what: 'a review is not detected', scenarios: ['two full refunds'], broken: never },
    { what: 'every status counts as a review', scenarios: ['two full refunds'], broken: always },
  ],
  mayBeDenied: [
    {
      what: 'a review that a lagging read does not show has ended',
      scenarios: ['two full refunds, lagging reads'],
      broken: always,
    },
    { what: 'no refund is denied', scenarios: ['two full refunds'], broken: never },
    {
      what: 'a partial refund that is no longer in review was denied',
      scenarios: ['a partial refund, amounts not reported'],
      broken: (operation, sale, reading) =>
        RULES.mayBeDenied({ ...operation, amountCents: sale.totalCents }, sale, reading),
    },
    {
      what: 'a refund is denied at once',
      scenarios: ['two full refunds, lagging reads'],
      broken: (operation, sale, reading) => RULES.mayBeDenied({ ...operation, phase: 'over' }, sale, reading),
    },
    {
      what: 'every end of a review denies the refund',
      scenarios: ['a full refund beside a chargeback'],
      broken: (operation, sale, reading) =>
        RULES.mayBeDenied(operation, sale, { ...reading, status: 'integrado' }),
    },
  ],
} satisfies Partial<MutantsOf>;
