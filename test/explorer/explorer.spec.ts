import { RULES, type Rules } from '../../src/payments/operations/state/rules';
import { campaign, IS_FULL } from '../support/campaign';
import { CLOSING_SCENARIOS } from './closing-scenarios';
import { explore } from './explore';
import type { ScenarioName } from './mutant';
import { MUTANTS } from './mutants';
import { REFUND_SCENARIOS } from './refund-scenarios';
import { exploreRefunds } from './refunds';
import { SCENARIOS } from './scenarios';
import type { Report } from './search';

/** The limit of states of a search. At full size, a larger search fails; otherwise it is cut off. */
const MOST_STATES = campaign(60_000, 500);
/** The distinct histories of all scenarios together, at least. */
const HISTORIES = campaign(200_000, 1_000);

/** The number of states within which a search must detect a broken rule. */
const MOST_STATES_OF_MUTANT = 6_000;

type Search = (rules: Rules, maxStates: number) => Report;

const SEARCHES = new Map<string, Search>([
  ...Object.entries({ ...SCENARIOS, ...CLOSING_SCENARIOS }).map(([name, scenario]): [string, Search] => [
    name,
    (rules, maxStates) => explore({ scenario, rules }, maxStates),
  ]),
  ...Object.entries(REFUND_SCENARIOS).map(([name, scenario]): [string, Search] => [
    name,
    (rules, maxStates) => exploreRefunds({ scenario, rules }, maxStates),
  ]),
]);

const mutants = Object.entries(MUTANTS).flatMap(([rule, list]) =>
  list.map(({ what, scenarios, broken }): [string, string, Partial<Rules>, readonly ScenarioName[]] => [
    rule,
    what,
    { [rule]: broken },
    scenarios,
  ]),
);

describe('The rules of operations, in every history up to a bound', () => {
  const reports: { readonly name: string; readonly report: Report; readonly seconds: number }[] = [];
  const secondsOfMutants: number[] = [];

  afterAll(() => {
    const sum = (of: (report: Report) => number): number =>
      reports.reduce((total, { report }) => total + of(report), 0);
    const lines = reports.map(
      ({ name, report, seconds }) =>
        `  ${name}: ${report.states} states, ${report.isComplete ? `${report.histories.toExponential(1)} histories, depth ${report.depth}` : 'cut off'}, ${seconds.toFixed(1)} s`,
    );
    const seconds = reports.reduce((total, report) => total + report.seconds, 0);
    const mutantSeconds = secondsOfMutants.reduce((total, each) => total + each, 0);
    process.stdout.write(
      `${lines.join('\n')}\n  in all: ${sum(({ states }) => states)} states, ${sum(({ histories }) => histories).toExponential(1)} histories, ${seconds.toFixed(0)} s\n` +
        `  ${secondsOfMutants.length} of ${mutants.length} mutants detected, ${mutantSeconds.toFixed(1)} s\n`,
    );
  });

  it.each([...SEARCHES])(
    'no invariant is broken in any state of the scenario: %s',
    (name, search) => {
      const startedAt = performance.now();
      const report = search(RULES, MOST_STATES);
      reports.push({ name, report, seconds: (performance.now() - startedAt) / 1000 });
      expect(report).toMatchObject({ violation: null, ...(IS_FULL && { isComplete: true }) });
    },
    240_000,
  );

  // A search that is cut off counts no histories.
  it(`all scenarios together have at least ${HISTORIES} distinct histories`, () => {
    const histories = reports.reduce((total, { report }) => total + report.histories, 0);
    expect(histories).toBeGreaterThan(HISTORIES);
  });

  it.each(mutants)('a search detects a broken %s: %s', (_rule, _what, broken, scenarios) => {
    const startedAt = performance.now();
    const isDetected = scenarios.some((scenario) => {
      const report = SEARCHES.get(scenario)?.({ ...RULES, ...broken }, MOST_STATES_OF_MUTANT);
      return report !== undefined && report.violation !== null;
    });
    expect(isDetected).toBe(true);
    secondsOfMutants.push((performance.now() - startedAt) / 1000);
  });
});
