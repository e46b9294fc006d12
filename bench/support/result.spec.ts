import { compare, median, type Round } from './result';

/** Returns a measurement that finds one figure after the other, and writes each into a list. */
function measurement(found: string[], name: string, rounds: readonly Round[]): () => Promise<Round> {
  const left = [...rounds];
  return () => {
    found.push(name);
    return Promise.resolve(left.shift() ?? { figure: NaN });
  };
}

const figures = (...values: number[]): Round[] => values.map((figure) => ({ figure }));

describe('median', () => {
  it.each([
    ['an odd number of values is the one in the middle', [9, 1, 5], 5],
    ['an even number of values is the mean of the two in the middle', [4, 1, 3, 2], 2.5],
    ['one value is that value', [7], 7],
    ['no value is not a number', [], NaN],
  ])('the median of %s', (_, values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe('compare', () => {
  it('service and floor are measured in turns, and their medians are returned', async () => {
    const order: string[] = [];
    const result = await compare({
      name: 'reads',
      unit: '/s',
      service: measurement(order, 'service', figures(10, 70, 30)),
      floor: measurement(order, 'floor', figures(100, 300, 200)),
    });
    expect(result).toEqual({ name: 'reads', unit: '/s', service: 30, floor: 200 });
    expect(order).toEqual(['floor', 'service', 'floor', 'service', 'floor', 'service']);
  });

  it("percentiles are those of the service's requests in all rounds", async () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    const result = await compare({
      name: 'reads',
      unit: '/s',
      service: measurement(
        [],
        'service',
        [hundred.slice(50), hundred.slice(0, 50).reverse(), []].map((durations) => ({
          figure: 1,
          durations,
        })),
      ),
      floor: measurement(
        [],
        'floor',
        figures(1, 1, 1).map((round) => ({ ...round, durations: [5_000] })),
      ),
    });
    expect([result.p50, result.p99]).toEqual([50, 99]);
  });

  it('a measurement without a floor has none, and a note is kept', async () => {
    const result = await compare({
      name: 'memory',
      unit: 'MB',
      rounds: 5,
      service: measurement([], 'service', figures(5, 4, 3, 2, 1)),
      note: 'after 100 requests',
    });
    expect(result).toEqual({ name: 'memory', unit: 'MB', service: 3, note: 'after 100 requests' });
  });
});
