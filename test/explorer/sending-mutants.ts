import { isRefusedStatus, RULES, wasSent } from '../../src/payments/operations/state/rules';
import type { MutantsOf } from './mutant';

const always = (): true => true;
const never = (): false => false;

/** Mutants of the rules by which operations are created, sent and answered. */
export const SENDING_MUTANTS = {
  isPayable: [
    {
      what: 'every status is payable',
      scenarios: ['an unknown status set elsewhere'],
      broken: always,
    },
    {
      what: 'an unknown status is payable',
      scenarios: ['an unknown status set elsewhere'],
      broken: (status) => status === 'em_analise' || RULES.isPayable(status),
    },
  ],
  maySend: [
    {
      what: 'an operation may be sent in any state',
      scenarios: ['two Pix and a pause'],
      broken: always,
    },
    {
      what: 'an operation that counts as not sent may be sent',
      scenarios: ['two Pix and a pause'],
      broken: ({ state }) => state === 'prepared' || state === 'not_sent',
    },
    {
      what: 'an expired lease may be used',
      scenarios: ['two cards'],
      broken: (operation, token) => RULES.maySend({ ...operation, leaseOver: false }, token),
    },
  ],
  isPaidFor: [
    {
      what: 'a standing charge does not pay the sale',
      scenarios: ['a paused card, charged after every limit, amounts not reported'],
      broken: never,
    },
    {
      what: 'a charge pays the sale as soon as it is sent',
      scenarios: ['two cards'],
      broken: (sale) => sale.operations.some(({ state }) => state === 'sent') || RULES.isPaidFor(sale),
    },
  ],
  isBusy: [
    {
      what: 'an open operation does not make the sale busy',
      scenarios: ['cards under a lock, without the indexes'],
      broken: never,
    },
    {
      what: 'an unknown outcome does not make the sale busy',
      scenarios: ['cards under a lock, without the indexes'],
      broken: ({ operations }) => operations.some(({ state }) => state === 'prepared' || state === 'sent'),
    },
  ],
  needsReading: [
    {
      what: 'an order with a refused status is not read before a payment',
      scenarios: ['cancelled elsewhere, row already cancelled'],
      broken: (sale) => !isRefusedStatus(sale.orderStatus) && RULES.needsReading(sale),
    },
    { what: 'no order is read before a payment', scenarios: ['paid elsewhere'], broken: never },
    {
      what: 'an order of another system is not read before a payment',
      scenarios: ['paid elsewhere'],
      broken: ({ operations }) => operations.some(wasSent),
    },
    {
      what: 'an order is not read before its second payment',
      scenarios: ['late charges'],
      broken: ({ operations }) => !operations.some(({ kind }) => kind === 'order'),
    },
  ],
  isOpenCode: [
    { what: 'a new code is created each time', scenarios: ['a repeated Pix request'], broken: never },
    {
      what: 'an expired code is answered',
      scenarios: ['Pix, card, Pix'],
      broken: ({ state }) => state === 'done',
    },
    {
      what: 'a code is open whatever the status of its order',
      scenarios: ['a card and two Pix, expiry not reported'],
      broken: ({ state, code }) => state === 'done' && (code === 'open' || code === 'expiry_unknown'),
    },
    {
      what: 'a refused order has no open code',
      scenarios: ['Pix, card, Pix'],
      broken: (operation, sale, status) =>
        !isRefusedStatus(status) && RULES.isOpenCode(operation, sale, status),
    },
    {
      what: 'a refusal that a lagging read shows ends a new code',
      scenarios: ['two Pix of a cancelled order'],
      broken: (operation, sale, status) => RULES.isOpenCode({ ...operation, phase: 'over' }, sale, status),
    },
    {
      what: 'a card that is refused ends a code',
      scenarios: ['Pix, card, Pix'],
      broken: (operation, { operations, ...sale }, status) =>
        RULES.isOpenCode(
          operation,
          { ...sale, operations: operations.filter(({ kind }) => kind !== 'credit_card') },
          status,
        ),
    },
  ],
  mayBeMadeAgain: [
    {
      what: 'a key creates a new operation each time',
      scenarios: ['cards under a lock, without the indexes'],
      broken: always,
    },
    {
      what: 'a key creates a new operation after any refusal',
      scenarios: ['cards under a lock, without the indexes'],
      broken: (operation) => operation.state === 'refused' || RULES.mayBeMadeAgain(operation),
    },
    {
      what: 'a key whose request was rate limited creates no other operation',
      scenarios: ['refusals'],
      broken: (operation) => operation.state !== 'refused' && RULES.mayBeMadeAgain(operation),
    },
    {
      what: 'a key whose request was not sent creates no other operation',
      scenarios: ['cards under a lock, without the indexes', 'two Pix and a pause'],
      broken: (operation) => operation.state !== 'not_sent' && RULES.mayBeMadeAgain(operation),
    },
    {
      what: 'a key whose code was lost creates no other code',
      scenarios: ['a repeated Pix request'],
      broken: (operation) => operation.state !== 'not_done' && RULES.mayBeMadeAgain(operation),
    },
    {
      what: 'a key creates a new operation after a decline',
      scenarios: ['cards under a lock, without the indexes'],
      broken: (operation) => operation.state === 'declined' || RULES.mayBeMadeAgain(operation),
    },
    {
      what: 'a key creates a new operation after one that was judged as not done',
      scenarios: ['cards under a lock, without the indexes'],
      broken: (operation) => operation.state === 'not_done' || RULES.mayBeMadeAgain(operation),
    },
  ],
  afterLease: [
    { what: 'an expired lease means not sent', scenarios: ['two cards'], broken: () => 'not_sent' },
  ],
  afterFailure: [
    { what: 'an exception means not sent', scenarios: ['cards without a key'], broken: () => 'not_sent' },
  ],
  afterLostAnswer: [
    {
      what: 'a lost answer means not done',
      scenarios: ['a repeated card request'],
      broken: () => 'not_done',
    },
  ],
  afterAcceptance: [
    {
      what: 'an accepted charge is done although its status is a refusal',
      scenarios: ['cards without a key'],
      broken: () => 'done',
    },
    {
      what: 'only an approved charge is done',
      scenarios: ['cards without a key'],
      broken: (_, status) => (status === 'aprovado' || status === 'pendente' ? 'done' : 'declined'),
    },
  ],
  acceptedStatus: [
    {
      what: 'a charge without a status is pending',
      scenarios: ['cards without a key'],
      broken: (status) => status ?? 'pendente',
    },
  ],
  mayApply: [
    { what: 'a lagging reading changes the status', scenarios: ['cards without a key'], broken: always },
  ],
} satisfies Partial<MutantsOf>;
