import { SignInCookie } from './sign-in-cookie';

const TOKEN = 'x'.repeat(43);
const EXPIRES = new Date('2026-02-03T04:05:06.000Z');
const secure = new SignInCookie({ publicUrl: 'https://pay.example' });
const local = new SignInCookie({ publicUrl: 'http://localhost:3000' });

describe('SignInCookie', () => {
  it('a cookie over HTTPS is for this host alone, for no script, and for no request of another site', () => {
    const [pair, ...attributes] = secure.set(TOKEN, EXPIRES).split('; ');
    expect(pair).toBe(`__Host-console=${TOKEN}`);
    expect(attributes.sort()).toEqual([
      'Expires=Tue, 03 Feb 2026 04:05:06 GMT',
      'HttpOnly',
      'Path=/',
      'SameSite=Strict',
      'Secure',
    ]);
  });

  it('a cookie over HTTP has no prefix, because browsers would refuse it, and all other attributes', () => {
    const [pair, ...attributes] = local.set(TOKEN, EXPIRES).split('; ');
    expect(pair).toBe(`console=${TOKEN}`);
    expect(attributes).toEqual(expect.arrayContaining(['HttpOnly', 'Path=/', 'SameSite=Strict']));
    expect(attributes).not.toContain('Secure');
  });

  it.each([
    ['secure', secure],
    ['local', local],
  ])('a removed cookie has the attributes of the one that was set, and is in the past: %s', (_, cookie) => {
    const nameAndAttributes = (header: string): string[] =>
      header.split('; ').filter((part) => !part.startsWith('Expires='));
    const removed = cookie.remove();
    expect(nameAndAttributes(removed)).toEqual(nameAndAttributes(cookie.set('', EXPIRES)));
    expect(removed).toContain('Expires=Thu, 01 Jan 1970 00:00:00 GMT');
  });

  it.each<[string, string | undefined, string | undefined]>([
    ['no header', undefined, undefined],
    ['the only cookie', `__Host-console=${TOKEN}`, TOKEN],
    ['one of several cookies', `theme=dark; __Host-console=${TOKEN}; x=y`, TOKEN],
    ['a cookie without the prefix, which any host of the domain can set', `console=${TOKEN}`, undefined],
    ['a name in another case', `__host-console=${TOKEN}`, undefined],
    ['a name of every object', 'toString=x', undefined],
    ['no pair', '__Host-console', undefined],
  ])('the token is read from a header: %s', (_, header, expected) => {
    expect(secure.read(header)).toBe(expected);
  });
});
