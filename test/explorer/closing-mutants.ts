import { isCode } from '../../src/payments/operations/state/rules';
import type { MutantsOf } from './mutant';

/** Mutants of the rules by which the order of a checkout session is closed. */
export const CLOSING_MUTANTS = {
  takesPayments: [
    {
      what: 'a closed order is prepared and sent',
      scenarios: ['an order is replaced beside a card'],
      broken: () => true,
    },
  ],
  hasPayableCode: [
    {
      what: 'an order is closed although a code is open',
      scenarios: ['an order with a Pix is replaced'],
      broken: () => false,
    },
    {
      what: 'a code is over as soon as it has expired',
      scenarios: ['an order with a Pix is replaced'],
      broken: ({ operations }) =>
        operations.some(
          (operation) => isCode(operation) && operation.state === 'done' && operation.code === 'open',
        ),
    },
  ],
} satisfies Partial<MutantsOf>;
