import { RULES } from '../../src/payments/operations/rules';
import { explore } from './explore';
import { exploreRefunds } from './refunds';
import { REFUND_SCENARIOS, SCENARIOS } from './scenarios';
import type { Report } from './search';

/** A search that is larger than this is cut off, and says so. */
const MOST_STATES = 60_000;

describe('The rules of operations, through every history up to a bound', () => {
  const reports: { readonly name: string; readonly report: Report; readonly seconds: number }[] = [];

  const goThrough = (name: string, search: () => Report): void => {
    const startedAt = performance.now();
    const report = search();
    reports.push({ name, report, seconds: (performance.now() - startedAt) / 1000 });
    expect(report.violation).toBeNull();
  };

  afterAll(() => {
    const sum = (of: (report: Report) => number): number =>
      reports.reduce((total, { report }) => total + of(report), 0);
    const lines = reports.map(
      ({ name, report, seconds }) =>
        `  ${name}: ${report.states} states, ${report.isComplete ? `${report.histories.toExponential(1)} histories, depth ${report.depth}` : 'cut off'}, ${seconds.toFixed(1)} s`,
    );
    const seconds = reports.reduce((total, report) => total + report.seconds, 0);
    process.stdout.write(
      `${lines.join('\n')}\n  in all: ${sum(({ states }) => states)} states, ${sum(({ histories }) => histories).toExponential(1)} histories, ${seconds.toFixed(0)} s\n`,
    );
  });

  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    'hold their invariants in each state of: %s',
    (name, scenario) => {
      goThrough(name, () => explore({ scenario, rules: RULES }, MOST_STATES));
    },
    240_000,
  );

  it.each(REFUND_SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    'hold their invariants for refunds in each state of: %s',
    (name, scenario) => {
      goThrough(name, () => exploreRefunds({ scenario, rules: RULES }, MOST_STATES));
    },
    240_000,
  );

  it('go through at least 200,000 distinct histories', () => {
    const histories = reports.reduce((total, { report }) => total + report.histories, 0);
    expect(histories).toBeGreaterThan(200_000);
  });
});
