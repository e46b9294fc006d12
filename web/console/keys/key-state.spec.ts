import { endOfLastDay, stateOfKey } from './key-state';

const NOW = Date.parse('2026-05-10T15:00:00Z');

describe('The state of a key', () => {
  it.each([
    ['valid', null, null],
    ['valid', null, '2026-05-10T15:00:01Z'],
    ['expired', null, '2026-05-10T15:00:00Z'],
    ['revoked', '2026-05-09T00:00:00Z', null],
    ['revoked', '2026-05-09T00:00:00Z', '2026-05-09T12:00:00Z'],
  ] as const)('a key is %s if it was revoked at %s and expires at %s', (state, revoked_at, expires_at) => {
    expect(stateOfKey({ revoked_at, expires_at }, NOW)).toBe(state);
  });

  it.each([
    ['', null],
    ['2026-05-10', '2026-05-11T03:00:00.000Z'],
    ['2026-05-09', undefined],
    ['soon', undefined],
  ])('a key with the last day "%s" expires at %s', (day, end) => {
    expect(endOfLastDay(day, NOW)).toBe(end);
  });
});
