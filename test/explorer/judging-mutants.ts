import { isCharge, isCode, isRefusedStatus, RULES, wasSent } from '../../src/payments/operations/state/rules';
import type { MutantsOf } from './mutant';

const always = (): true => true;
const never = (): false => false;

/** Mutants of the rules by which a lost answer is judged. */
export const JUDGING_MUTANTS = {
  isAbout: [
    {
      what: 'a reading from before the one that was judged by counts',
      scenarios: ['all of it, reviewed later, slow reads'],
      broken: ({ phase }) => phase !== 'before',
    },
    {
      what: 'a reading from before the request counts',
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
      what: 'a person may call a charge not done that may be made yet',
      scenarios: ['a person resolves charges'],
      broken: always,
    },
    {
      what: 'a person may call a charge not done after the limit of the call, without the settle time',
      scenarios: ['a person resolves charges'],
      broken: ({ phase }) => phase === 'settling' || phase === 'over',
    },
  ],
  isLostCodeOver: [
    { what: 'a lost code is made anew at once', scenarios: ['Pix asked for again'], broken: always },
    { what: 'a lost code is never given up', scenarios: ['Pix asked for again'], broken: never },
  ],
  isPaidBy: [
    {
      what: 'a payment that another charge explains was by the operation, too',
      scenarios: ['a paused card that is charged later than every limit'],
      broken: ({ kind }, { operations }, { method }) =>
        method === null ? !operations.some(isCode) : method === kind,
    },
    {
      what: 'whatever was paid was paid by the operation',
      scenarios: ['Pix beside a lost card'],
      broken: always,
    },
    { what: 'nothing was paid by the operation', scenarios: ['two cards'], broken: never },
    {
      what: 'a payment of an untold method was by the operation',
      scenarios: ['Pix beside a lost card, method not told'],
      broken: ({ kind }, _, { method }) => method === null || method === kind,
    },
  ],
  isPaidByOther: [
    {
      what: 'what was not paid by the operation was paid by another',
      scenarios: ['Pix beside a lost card, amounts not told'],
      broken: always,
    },
    {
      what: 'amounts do not matter',
      scenarios: ['Pix beside a lost card, amounts not told'],
      broken: ({ kind }, sale, { method }) => method !== null && (method !== kind || RULES.isPaidFor(sale)),
    },
    {
      what: 'a method that is not told is another one',
      scenarios: ['Pix beside a lost card, method not told'],
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
      what: 'a charge from elsewhere that was refused is forgotten',
      scenarios: ['refused elsewhere before it was read, reads that lag'],
      broken: (operation, sale) => RULES.couldBeRefusedSince({ ...operation, baseline: null }, sale),
    },
    {
      what: 'a charge that was refused since is forgotten',
      scenarios: ['refused by risk'],
      broken: never,
    },
    {
      what: 'only a charge that was known to be made is remembered',
      scenarios: ['refused by risk'],
      broken: ({ id }, { operations }) => operations.some((other) => other.id < id && other.superseded),
    },
    {
      what: 'only a charge that was not known to be made is remembered',
      scenarios: ['refused by risk'],
      broken: ({ id }, { operations }) =>
        operations.some((other) => other.id < id && other.state === 'declined' && other.evidence !== null),
    },
  ],
  isPaidTwice: [
    { what: 'too much money is never noticed', scenarios: ['Pix beside a lost card'], broken: never },
    { what: 'any payment is one too many', scenarios: ['two cards'], broken: always },
  ],
  isPaidBesideCharge: [
    {
      what: 'a code that is paid beside a charge is not noticed',
      scenarios: ['Pix beside a lost card, amounts not told'],
      broken: never,
    },
    {
      what: 'a code that is paid alone is one payment too many',
      scenarios: ['Pix beside a lost card, amounts not told'],
      broken: ({ operations }, { method }) => method === 'pix' && operations.some(isCode),
    },
    {
      what: 'a charge beside a code that nobody has paid is one payment too many',
      scenarios: ['Pix beside a lost card, amounts not told'],
      broken: (sale) => sale.operations.some(isCode) && RULES.isPaidFor(sale),
    },
  ],
  isNewRefusal: [
    {
      what: 'a refusal from before counts',
      scenarios: ['cancelled since its row had an unknown status'],
      broken: (_, { status }) => isRefusedStatus(status),
    },
  ],
  madeTheOrder: [
    {
      what: 'nothing else changes an order of another system',
      scenarios: ['cancelled elsewhere while a card is charged'],
      broken: always,
    },
  ],
  couldBeExpiredCode: [
    { what: 'codes do not expire', scenarios: ['Pix beside a lost card'], broken: never },
    {
      what: 'a code that is known to have expired has not cancelled the order',
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
      what: 'an earlier charge that is known to be declined has not cancelled the order',
      scenarios: ['cards without a key'],
      broken: ({ id }, { operations }) =>
        operations.some(
          (other) => isCharge(other) && other.id < id && wasSent(other) && other.state !== 'declined',
        ),
    },
  ],
  isUnderstood: [
    {
      what: 'a status that is not known means unpaid',
      scenarios: ['an unknown status'],
      broken: always,
    },
  ],
  mayBeReopened: [
    { what: 'a late charge is not found', scenarios: ['late charges'], broken: never },
    {
      what: 'a late charge is not that of what was judged as not done',
      scenarios: ['late charges'],
      broken: (operation) => operation.state !== 'not_done' && RULES.mayBeReopened(operation),
    },
    {
      what: 'a late charge is not that of what evidence has declined',
      scenarios: ['late charges and declines'],
      broken: (operation) => operation.state !== 'declined' && RULES.mayBeReopened(operation),
    },
    {
      what: 'a charge that was refused since stays so, whatever shows up',
      scenarios: ['refused by risk'],
      broken: (operation) => operation.state !== 'done' && RULES.mayBeReopened(operation),
    },
    {
      what: 'a late charge is that of an operation that Appmax has declined',
      scenarios: ['late charges and declines'],
      broken: (operation) => operation.state === 'declined' || RULES.mayBeReopened(operation),
    },
  ],
  isOverByAnswer: [
    {
      what: 'every charge is over at once, as if Appmax had refused it',
      scenarios: ['refused elsewhere, slow reads', 'refused by risk, slow reads'],
      broken: always,
    },
    {
      what: 'a charge that evidence has declined is over at once',
      scenarios: ['refused elsewhere, slow reads', 'refused by risk, slow reads'],
      broken: (operation) => operation.state === 'declined' || RULES.isOverByAnswer(operation),
    },
  ],
} satisfies Partial<MutantsOf>;
