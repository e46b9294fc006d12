import { hasValidToken } from './webhook-token.guard';

const TOKEN = 'wt_0123456789abcdef';

describe('The token of webhooks', () => {
  it.each<[shown: unknown, accepted: boolean]>([
    [TOKEN, true],
    [undefined, false],
    ['', false],
    [TOKEN.slice(0, -1), false],
    [`${TOKEN}x`, false],
    [TOKEN.toUpperCase(), false],
    [[TOKEN], false],
    [[TOKEN, TOKEN], false],
    [{ 0: TOKEN }, false],
  ])('the token %j is accepted: %s', (shown, accepted) => {
    expect(hasValidToken(TOKEN, shown)).toBe(accepted);
  });

  it('no token is needed if none is configured', () => {
    expect([undefined, '', 'anything'].map((shown) => hasValidToken(undefined, shown))).toEqual([
      true,
      true,
      true,
    ]);
  });
});
