import { CLOSING_MUTANTS } from './closing-mutants';
import { JUDGING_MUTANTS } from './judging-mutants';
import type { MutantsOf } from './mutant';
import { REFUND_MUTANTS } from './refund-mutants';
import { SENDING_MUTANTS } from './sending-mutants';

/** The mutants of every rule. */
export const MUTANTS: MutantsOf = {
  ...CLOSING_MUTANTS,
  ...SENDING_MUTANTS,
  ...JUDGING_MUTANTS,
  ...REFUND_MUTANTS,
};
