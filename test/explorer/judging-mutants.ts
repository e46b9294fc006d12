import { isCharge, isCode, isRefusedStatus, RULES, wasSent } from '../../src/payments/operations/state/rules';
import type { MutantsOf } from './mutant';

const always = (): true => true;
const never = (): false => false;

/** Mutants of the rules by which a lost answer is judged. */
export const JUDGING_MUTANTS = {
  isAbout: [
    {
      what: 'a reading older than the evidence counts',
      scenarios: ['a full refund, reviewed later, slow reads'],
      broken: ({ phase }) => phase !== 'before',
    },
    {
      what: 'a reading older than the request counts',
      scenarios: ['refused elsewhere, slow reads'],
      broken: always,
    },
  ],
  mayBeJudgedUnpaid: [
    { what: 'a charge is judged at once', scenarios: ['lost declines'], broken: always },
    {
      what: 'a charge is judged after the limit of the call, without the settle time',
      scenarios: ['lost declines'],
      broken: ({ phase }) => phase === 'settling' || phase === 'over',
    },
    { what: 'a charge is never judged unpaid', scenarios: ['two cards'], broken: never },
  ],
  mayBeResolvedAsNotDone: [
    {
      what: 'an operator may resolve a charge as not done while it may still be made',
      scenarios: ['an operator resolves charges'],
      broken: always,
    },
    {
      what: 'an operator may resolve a charge as not done after the limit of the call, without the settle time',
      scenarios: ['an operator resolves charges'],
      broken: ({ phase }) => phase === 'settling' || phase === 'over',
    },
  ],
  isLostCodeOver: [
    { what: 'a lost code is replaced at once', scenarios: ['a repeated Pix request'], broken: always },
    { what: 'a lost code is never replaced', scenarios: ['a repeated Pix request'], broken: never },
  ],
  isPaidBy: [
    {
      what: 'a payment that another charge explains also proves the operation',
      scenarios: ['a paused card, charged after every limit'],
      broken: ({ kind }, { operations }, { method }) =>
        method === null ? !operations.some(isCode) : method === kind,
    },
    {
      what: 'every payment proves the operation',
      scenarios: ['Pix beside a lost card'],
      broken: always,
    },
    { what: 'no payment proves the operation', scenarios: ['two cards'], broken: never },
    {
      what: 'a payment without a method proves the operation',
      scenarios: ['Pix beside a lost card, method not reported'],
      broken: ({ kind }, _, { method }) => method === null || method === kind,
    },
  ],
  isPaidByOther: [
    {
      what: 'a payment that does not prove the operation is always by another one',
      scenarios: ['Pix beside a lost card, amounts not reported'],
      broken: always,
    },
    {
      what: 'amounts are ignored',
      scenarios: ['Pix beside a lost card, amounts not reported'],
      broken: ({ kind }, sale, { method }) => method !== null && (method !== kind || RULES.isPaidFor(sale)),
    },
    {
      what: 'a payment without a method counts as one by another method',
      scenarios: ['Pix beside a lost card, method not reported'],
      broken: ({ kind }, _, { method, totalPaidCents }) => method !== kind && totalPaidCents !== null,
    },
    {
      what: 'another method never explains a payment',
      scenarios: ['Pix beside a lost card'],
      broken: never,
    },
  ],
  couldBeRefusedSince: [
    {
      what: 'a refused charge of another system is ignored',
      scenarios: ['refused elsewhere before the first read, lagging reads'],
      broken: (operation, sale) => RULES.couldBeRefusedSince({ ...operation, baseline: null }, sale),
    },
    {
      what: 'a charge that was refused later is ignored',
      scenarios: ['refused by risk'],
      broken: never,
    },
    {
      what: 'only a charge that was known to be made may have been refused later',
      scenarios: ['refused by risk'],
      broken: ({ id }, { operations }) => operations.some((other) => other.id < id && other.superseded),
    },
    {
      what: 'only a charge that was not known to be made may have been refused later',
      scenarios: ['refused by risk'],
      broken: ({ id }, { operations }) =>
        operations.some((other) => other.id < id && other.state === 'declined' && other.evidence !== null),
    },
  ],
  isPaidTwice: [
    { what: 'a double payment is never detected', scenarios: ['Pix beside a lost card'], broken: never },
    { what: 'every payment counts as a double payment', scenarios: ['two cards'], broken: always },
  ],
  isPaidBesideCharge: [
    {
      what: 'a code that is paid beside a charge is not detected',
      scenarios: ['Pix beside a lost card, amounts not reported'],
      broken: never,
    },
    {
      what: 'a code that is paid without a charge counts as a double payment',
      scenarios: ['Pix beside a lost card, amounts not reported'],
      broken: ({ operations }, { method }) => method === 'pix' && operations.some(isCode),
    },
    {
      what: 'a charge beside an unpaid code counts as a double payment',
      scenarios: ['Pix beside a lost card, amounts not reported'],
      broken: (sale) => sale.operations.some(isCode) && RULES.isPaidFor(sale),
    },
  ],
  isNewRefusal: [
    {
      what: 'an earlier refusal counts as a new one',
      scenarios: ['cancelled after an unknown status'],
      broken: (_, { status }) => isRefusedStatus(status),
    },
  ],
  madeTheOrder: [
    {
      what: 'only our operations change an order of another system',
      scenarios: ['cancelled elsewhere while a card is charged'],
      broken: always,
    },
  ],
  couldBeExpiredCode: [
    { what: 'codes do not expire', scenarios: ['Pix beside a lost card'], broken: never },
    {
      what: 'a code that is known to have expired cannot have cancelled the order',
      scenarios: ['Pix beside a lost card'],
      broken: ({ operations }) => operations.some((other) => isCode(other) && other.code !== 'expired'),
    },
  ],
  couldBeEarlierCharge: [
    {
      what: 'earlier charges are not declined late',
      scenarios: ['lost declines'],
      broken: never,
    },
    {
      what: 'an earlier charge that is known to be declined cannot have cancelled the order',
      scenarios: ['cards without a key'],
      broken: ({ id }, { operations }) =>
        operations.some(
          (other) => isCharge(other) && other.id < id && wasSent(other) && other.state !== 'declined',
        ),
    },
  ],
  isUnderstood: [
    {
      what: 'an unknown status means unpaid',
      scenarios: ['an unknown status'],
      broken: always,
    },
  ],
  mayBeReopened: [
    { what: 'a late charge reopens no operation', scenarios: ['late charges'], broken: never },
    {
      what: 'a late charge does not reopen an operation that was judged as not done',
      scenarios: ['late charges'],
      broken: (operation) => operation.state !== 'not_done' && RULES.mayBeReopened(operation),
    },
    {
      what: 'a late charge does not reopen an operation that counts as declined by evidence',
      scenarios: ['late charges and declines'],
      broken: (operation) => operation.state !== 'declined' && RULES.mayBeReopened(operation),
    },
    {
      what: 'a late charge does not reopen a charge that was refused later',
      scenarios: ['refused by risk'],
      broken: (operation) => operation.state !== 'done' && RULES.mayBeReopened(operation),
    },
    {
      what: 'a late charge reopens an operation that Appmax itself has declined',
      scenarios: ['late charges and declines'],
      broken: (operation) => operation.state === 'declined' || RULES.mayBeReopened(operation),
    },
  ],
  isOverByAnswer: [
    {
      what: 'every charge is over at once, as if Appmax had declined it',
      scenarios: ['refused elsewhere, slow reads', 'refused by risk, slow reads'],
      broken: always,
    },
    {
      what: 'a charge that counts as declined by evidence is over at once',
      scenarios: ['refused elsewhere, slow reads', 'refused by risk, slow reads'],
      broken: (operation) => operation.state === 'declined' || RULES.isOverByAnswer(operation),
    },
  ],
} satisfies Partial<MutantsOf>;
