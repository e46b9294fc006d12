import { RULES } from '../../src/payments/operations/state/rules';
import type { MutantsOf } from './mutant';

const always = (): true => true;
const never = (): false => false;

/** Mutants of the rules of refunds. */
export const REFUND_MUTANTS = {
  isRefundable: [
    {
      what: 'what was given back is given back again',
      scenarios: ['all of it beside a chargeback'],
      broken: always,
    },
  ],
  countsAsRefunded: [
    {
      what: 'a refund counts only once it is confirmed',
      scenarios: ['two parts above the total, lagging reads'],
      broken: ({ state }) => state === 'confirmed',
    },
    {
      what: 'a confirmed refund does not count',
      scenarios: ['two parts above the total, lagging reads'],
      broken: (operation) => operation.state !== 'confirmed' && RULES.countsAsRefunded(operation),
    },
    {
      what: 'an accepted refund does not count until it is confirmed',
      scenarios: ['all of it twice'],
      broken: (operation) => operation.state !== 'done' && RULES.countsAsRefunded(operation),
    },
    {
      what: 'a denied refund counts',
      scenarios: ['all of it twice'],
      broken: (operation) => operation.state === 'denied' || RULES.countsAsRefunded(operation),
    },
    {
      what: 'a refused refund counts',
      scenarios: ['all of it twice'],
      broken: (operation) => operation.state === 'refused' || RULES.countsAsRefunded(operation),
    },
  ],
  isInReview: [
    { what: 'a review is not noticed', scenarios: ['all of it twice'], broken: never },
    { what: 'every status is a review', scenarios: ['all of it twice'], broken: always },
  ],
  mayBeDenied: [
    {
      what: 'a review that a lagging read does not show is over',
      scenarios: ['all of it twice, lagging reads'],
      broken: always,
    },
    { what: 'no refund is denied', scenarios: ['all of it twice'], broken: never },
    {
      what: 'a part that does not show any more was denied',
      scenarios: ['a part, amounts not told'],
      broken: (operation, sale, reading) =>
        RULES.mayBeDenied({ ...operation, amountCents: sale.totalCents }, sale, reading),
    },
    {
      what: 'a refund is denied at once',
      scenarios: ['all of it twice, lagging reads'],
      broken: (operation, sale, reading) => RULES.mayBeDenied({ ...operation, phase: 'over' }, sale, reading),
    },
    {
      what: 'whatever ends a review denies the refund',
      scenarios: ['all of it beside a chargeback'],
      broken: (operation, sale, reading) =>
        RULES.mayBeDenied(operation, sale, { ...reading, status: 'integrado' }),
    },
  ],
} satisfies Partial<MutantsOf>;
