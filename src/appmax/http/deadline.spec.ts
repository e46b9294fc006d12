import { hadFairTime, longestBeforeWrite } from './deadline';

describe('longestBeforeWrite', () => {
  it.each([
    [30, 29_000],
    [3, 2_000],
    [1.5, 750],
    [1, 500],
  ])('of %d seconds, the minimum time remains after %d ms', (seconds, expected) => {
    expect(longestBeforeWrite(seconds)).toBe(expected);
  });
});

describe('hadFairTime', () => {
  it.each([
    [30, 30, true],
    [15, 30, true],
    [14.9, 30, false],
    [1, 30, false],
  ])('an attempt of %d of %d seconds: %s', (seconds, whole, expected) => {
    expect(hadFairTime(seconds, whole)).toBe(expected);
  });
});
