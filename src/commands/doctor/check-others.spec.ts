import { checkClock } from './check-others';

describe('checkClock', () => {
  it.each([
    [undefined, 'skipped', 'can not be used'],
    [0.2, 'ok', '0.2 s'],
    [-4.9, 'ok', '4.9 s'],
    [61, 'failed', '61.0 s ahead of'],
    [-61, 'failed', '61.0 s behind'],
  ])('a clock that is %p s ahead is %s', (seconds, state, text) => {
    expect(checkClock(seconds)).toMatchObject({
      state,
      text: expect.stringContaining(text) as string,
    });
  });
});
