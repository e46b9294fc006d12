import fc from 'fast-check';
import { backoff } from './backoff';

describe('backoff', () => {
  const all = { firstSeconds: 1, longestSeconds: 60, random: () => 0.999_999_999 };

  it.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [6, 32],
    [7, 60],
    [1_000, 60],
  ])('the wait after attempt %d is at most %d seconds', (attempt, seconds) => {
    expect(backoff(attempt, all)).toBeCloseTo(seconds, 5);
  });

  it('the wait is a random part, at least half, of the maximum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), (attempt) => {
        const whole = backoff(attempt, { ...all, random: () => 1 });
        const waited = backoff(attempt, { firstSeconds: 1, longestSeconds: 60 });
        expect(waited).toBeGreaterThanOrEqual(whole / 2);
        expect(waited).toBeLessThan(whole);
      }),
    );
  });
});
