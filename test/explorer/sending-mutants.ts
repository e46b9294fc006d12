import { isRefusedStatus, RULES, wasSent } from '../../src/payments/operations/state/rules';
import type { MutantsOf } from './mutant';

const always = (): true => true;
const never = (): false => false;

/** Mutants of the rules by which operations are made, sent and answered. */
export const SENDING_MUTANTS = {
  isPayable: [
    {
      what: 'every status is payable',
      scenarios: ['in an unknown status from elsewhere'],
      broken: always,
    },
    {
      what: 'a status that is not known is payable',
      scenarios: ['in an unknown status from elsewhere'],
      broken: (status) => status === 'em_analise' || RULES.isPayable(status),
    },
  ],
  maySend: [
    {
      what: 'whoever prepared an operation may send it, whatever became of it',
      scenarios: ['two Pix and a pause'],
      broken: always,
    },
    {
      what: 'what was not sent may be sent after all',
      scenarios: ['two Pix and a pause'],
      broken: ({ state }) => state === 'prepared' || state === 'not_sent',
    },
    {
      what: 'a lease that is over may be used',
      scenarios: ['two cards'],
      broken: (operation, token) => RULES.maySend({ ...operation, leaseOver: false }, token),
    },
  ],
  isPaidFor: [
    {
      what: 'a charge that stands counts for nothing',
      scenarios: ['a paused card that is charged later than every limit, amounts not told'],
      broken: never,
    },
    {
      what: 'a charge counts as a success as soon as it was sent',
      scenarios: ['two cards'],
      broken: (sale) => sale.operations.some(({ state }) => state === 'sent') || RULES.isPaidFor(sale),
    },
  ],
  isBusy: [
    {
      what: 'an open operation does not count',
      scenarios: ['cards under a lock, without the indexes'],
      broken: never,
    },
    {
      what: 'an unknown outcome does not count',
      scenarios: ['cards under a lock, without the indexes'],
      broken: ({ operations }) => operations.some(({ state }) => state === 'prepared' || state === 'sent'),
    },
  ],
  needsReading: [
    {
      what: 'an order that was refused by something else is not asked for',
      scenarios: ['cancelled elsewhere, as its row says'],
      broken: (sale) => !isRefusedStatus(sale.orderStatus) && RULES.needsReading(sale),
    },
    { what: 'Appmax is never asked before a payment', scenarios: ['paid elsewhere'], broken: never },
    {
      what: 'Appmax is not asked for an order of another system',
      scenarios: ['paid elsewhere'],
      broken: ({ operations }) => operations.some(wasSent),
    },
    {
      what: 'Appmax is not asked for a second payment',
      scenarios: ['late charges'],
      broken: ({ operations }) => !operations.some(({ kind }) => kind === 'order'),
    },
  ],
  isOpenCode: [
    { what: 'a new code is made each time', scenarios: ['Pix asked for again'], broken: never },
    {
      what: 'an expired code is answered',
      scenarios: ['Pix, card, Pix'],
      broken: ({ state }) => state === 'done',
    },
    {
      what: 'a code is open whatever the status of its order',
      scenarios: ['a card and two Pix, expiry not told'],
      broken: ({ state, code }) => state === 'done' && (code === 'open' || code === 'untold'),
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
      what: 'a key makes a new operation each time',
      scenarios: ['cards under a lock, without the indexes'],
      broken: always,
    },
    {
      what: 'a key makes a new operation after any refusal',
      scenarios: ['cards under a lock, without the indexes'],
      broken: (operation) => operation.state === 'refused' || RULES.mayBeMadeAgain(operation),
    },
    {
      what: 'a key whose request was rate limited makes no other operation',
      scenarios: ['refusals'],
      broken: (operation) => operation.state !== 'refused' && RULES.mayBeMadeAgain(operation),
    },
    {
      what: 'a key whose request was not sent makes no other operation',
      scenarios: ['cards under a lock, without the indexes', 'two Pix and a pause'],
      broken: (operation) => operation.state !== 'not_sent' && RULES.mayBeMadeAgain(operation),
    },
    {
      what: 'a key whose code was lost makes no other one',
      scenarios: ['Pix asked for again'],
      broken: (operation) => operation.state !== 'not_done' && RULES.mayBeMadeAgain(operation),
    },
    {
      what: 'a key makes a new operation after a decline',
      scenarios: ['cards under a lock, without the indexes'],
      broken: (operation) => operation.state === 'declined' || RULES.mayBeMadeAgain(operation),
    },
    {
      what: 'a key makes a new operation after one that was judged as not done',
      scenarios: ['cards under a lock, without the indexes'],
      broken: (operation) => operation.state === 'not_done' || RULES.mayBeMadeAgain(operation),
    },
  ],
  afterLease: [
    { what: 'a lease that ran out means not sent', scenarios: ['two cards'], broken: () => 'not_sent' },
  ],
  afterFailure: [
    { what: 'an exception means not sent', scenarios: ['cards without a key'], broken: () => 'not_sent' },
  ],
  afterLostAnswer: [
    {
      what: 'a lost answer means not done',
      scenarios: ['a card asked for again'],
      broken: () => 'not_done',
    },
  ],
  afterAcceptance: [
    {
      what: 'an accepted charge is done though its status is a refusal',
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
  mayLearn: [
    { what: 'a reading that lags behind is believed', scenarios: ['cards without a key'], broken: always },
  ],
} satisfies Partial<MutantsOf>;
