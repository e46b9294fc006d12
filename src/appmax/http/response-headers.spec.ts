import { redirectTarget, retryAfterOfHeaders } from './response-headers';

const NOW = new Date('2026-11-06T08:49:00Z');

describe('retryAfterSeconds', () => {
  it.each<[string | string[] | undefined, number | undefined]>([
    ['0', 0],
    ['45', 45],
    [' 45 ', 45],
    ['1.2', 2],
    ['45(s)', 45],
    [['7', '9'], 7],
    ['Fri, 06 Nov 2026 08:49:37 GMT', 37],
    ['Friday, 06-Nov-26 08:49:37 GMT', 37],
    ['Fri Nov  6 08:49:37 2026', 37],
    ['Fri, 06 Nov 2026 08:00:00 GMT', 0],
    ['-1', undefined],
    ['soon', undefined],
    ['2026', 2026],
    ['2026-11-06', undefined],
    ['Mon, 99 Foo 2026 08:49:37 GMT', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('Retry-After: %j means %s seconds', (header, expected) => {
    expect(retryAfterOfHeaders({ 'retry-after': header }, NOW)).toBe(expected);
  });

  it("a date is compared with the response's own Date", () => {
    const headers = { 'retry-after': 'Fri, 06 Nov 2026 10:00:30 GMT', date: 'Fri, 06 Nov 2026 10:00:00 GMT' };
    expect(retryAfterOfHeaders(headers, NOW)).toBe(30);
  });
});

describe('redirectTarget', () => {
  const url = 'https://api.example.com/v1/orders/7?a=1';

  it.each<['GET' | 'POST', number, string, string | undefined]>([
    ['GET', 301, '/v2/orders/7', 'https://api.example.com/v2/orders/7'],
    ['GET', 302, '8', 'https://api.example.com/v1/orders/8'],
    ['GET', 303, '?b=2', 'https://api.example.com/v1/orders/7?b=2'],
    ['GET', 307, '//api.example.com/x', 'https://api.example.com/x'],
    ['GET', 308, ' https://API.example.com:443/x#part ', 'https://api.example.com/x'],
    ['POST', 307, '/x', 'https://api.example.com/x'],
    ['POST', 308, '../x', 'https://api.example.com/v1/x'],
    ['POST', 301, '/x', undefined],
    ['POST', 303, '/x', undefined],
    ['GET', 302, 'https://evil.example/x', undefined],
    ['GET', 302, 'http://api.example.com/x', undefined],
    ['GET', 302, '', undefined],
    ['GET', 302, 'https://[', undefined],
    ['GET', 201, '/x', undefined],
    ['GET', 304, '/x', undefined],
  ])('a %s with the status %d and the Location %j goes to %s', (method, status, location, expected) => {
    expect(redirectTarget({ method, url }, { status, headers: { location } })).toBe(expected);
  });
});
