import { mayCall } from './fair-share';

/** Lets callers cause single calls in turn until all are refused. @returns the calls of each. */
function spend(callers: number, perDay: number, percent: number): number[] {
  const used = new Array<number>(callers).fill(0);
  let left = perDay;
  for (let refused = 0; refused < callers;) {
    refused = 0;
    for (let caller = 0; caller < callers; caller += 1) {
      if (mayCall({ used: used[caller]!, calls: 1, left, percent })) {
        used[caller]! += 1;
        left -= 1;
      } else refused += 1;
    }
  }
  return used;
}

describe('mayCall', () => {
  it('one caller gets its share and not more', () => {
    expect(spend(1, 1_000, 5)).toEqual([47]);
  });

  it('callers that call equally often get equally much', () => {
    const used = spend(50, 1_000, 5);
    expect(Math.max(...used) - Math.min(...used)).toBeLessThanOrEqual(1);
    expect(used.reduce((sum, each) => sum + each, 0)).toBeLessThan(1_000);
  });

  it.each([
    ['a new caller is served while anything is left', { used: 0, calls: 2, left: 2, percent: 5 }, true],
    [
      'no merchant is served when less is left than needed',
      { used: 0, calls: 2, left: 1, percent: 100 },
      false,
    ],
    ['a frequent caller is refused before new ones', { used: 5, calls: 1, left: 100, percent: 5 }, false],
    ['a caller within its share is served', { used: 4, calls: 1, left: 100, percent: 5 }, true],
  ])('%s', (_, spending, expected) => {
    expect(mayCall(spending)).toBe(expected);
  });
});
