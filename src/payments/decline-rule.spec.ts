import { DECLINE_RULES, verdictOn } from './decline-rule';

describe('A card payment after declined ones', () => {
  it.each([
    [0, 'go'],
    [2, 'go'],
    [3, 1],
    [4, 2],
    [5, 4],
    [6, 8],
    [7, 8],
    [8, 'refuse'],
    [9, 'refuse'],
    [1_000, 'refuse'],
  ])('of the same order, %d of them in the last hour: %s', (declines, expected) => {
    expect(told(verdictOn(declines, DECLINE_RULES.order))).toBe(expected);
  });

  it.each([
    [0, 'go'],
    [4, 'go'],
    [5, 1],
    [6, 2],
    [8, 8],
    [11, 8],
    [12, 'refuse'],
    [1_000, 'refuse'],
  ])('from the same address, %d of them in the last hour: %s', (declines, expected) => {
    expect(told(verdictOn(declines, DECLINE_RULES.address))).toBe(expected);
  });
});

/** The seconds to wait, or what else it is. */
function told(verdict: ReturnType<typeof verdictOn>): string | number {
  return verdict.kind === 'slow' ? verdict.seconds : verdict.kind;
}
