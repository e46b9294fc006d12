import { JUDGING_MUTANTS } from './judging-mutants';
import type { MutantsOf } from './mutant';
import { REFUND_MUTANTS } from './refund-mutants';
import { SENDING_MUTANTS } from './sending-mutants';

/** Every rule, broken. */
export const MUTANTS: MutantsOf = { ...SENDING_MUTANTS, ...JUDGING_MUTANTS, ...REFUND_MUTANTS };
