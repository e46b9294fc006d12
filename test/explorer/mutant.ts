import type { Rules } from '../../src/payments/operations/state/rules';
import type { CLOSING_SCENARIOS } from './closing-scenarios';
import type { REFUND_SCENARIOS } from './refund-scenarios';
import type { SCENARIOS } from './scenarios';

export type ScenarioName =
  keyof typeof SCENARIOS | keyof typeof CLOSING_SCENARIOS | keyof typeof REFUND_SCENARIOS;

/** One broken version of a rule. */
export interface Mutant<Rule extends keyof Rules> {
  readonly what: string;
  /** The scenarios to search: at least one must have a history that breaks an invariant. */
  readonly scenarios: readonly [ScenarioName, ...ScenarioName[]];
  readonly broken: Rules[Rule];
}

/** At least one mutant of every rule: a new rule without one does not compile. */
export type MutantsOf = { readonly [Rule in keyof Rules]: readonly [Mutant<Rule>, ...Mutant<Rule>[]] };
