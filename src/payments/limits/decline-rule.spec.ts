import { DECLINE_RULES, judgeDeclines } from './decline-rule';

describe('The verdict on a card payment after declines', () => {
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
  ])('after %d declines of the order in the last hour, the verdict is %s', (declines, expected) => {
    expect(told(judgeDeclines(declines, DECLINE_RULES.order))).toBe(expected);
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
  ])('after %d declines of the address in the last hour, the verdict is %s', (declines, expected) => {
    expect(told(judgeDeclines(declines, DECLINE_RULES.address))).toBe(expected);
  });
});

/** Returns the seconds to wait, or the kind of verdict. */
function told(verdict: ReturnType<typeof judgeDeclines>): string | number {
  return verdict.kind === 'slow' ? verdict.seconds : verdict.kind;
}
