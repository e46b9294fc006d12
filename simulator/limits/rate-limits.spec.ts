import { initialSettings } from '../settings/settings';
import { RateLimits } from './rate-limits';
import { FixedWindow, TokenBucket } from './token-bucket';

describe('TokenBucket', () => {
  it('a token bucket allows a burst of 50 calls and then 5 per second', () => {
    const bucket = new TokenBucket(50, 5, 0);
    const burst = Array.from({ length: 51 }, () => bucket.take(0));
    expect(burst.filter(({ allowed }) => allowed)).toHaveLength(50);
    expect(burst.at(-1)).toEqual({ allowed: false, limit: 50, remaining: 0, retryAfterSeconds: 1 });
    const nextSecond = Array.from({ length: 6 }, () => bucket.take(1000));
    expect(nextSecond.filter(({ allowed }) => allowed)).toHaveLength(5);
  });

  it('a token bucket never holds more tokens than its burst', () => {
    const bucket = new TokenBucket(50, 5, 0);
    bucket.take(0);
    expect(bucket.take(3_600_000)).toMatchObject({ allowed: true, remaining: 49 });
  });
});

describe('FixedWindow', () => {
  it('a fixed window allows calls again after its time has passed', () => {
    const window = new FixedWindow(2, 60_000, 0);
    expect([window.take(0).allowed, window.take(1).allowed]).toEqual([true, true]);
    expect(window.take(30_000)).toEqual({ allowed: false, limit: 2, remaining: 0, retryAfterSeconds: 30 });
    expect(window.take(60_000)).toMatchObject({ allowed: true, remaining: 1 });
  });
});

describe('RateLimits', () => {
  const settings = initialSettings({ service_url: 'http://127.0.0.1:8080', api: 'g2' });

  it('each client has its own limit, and so has each route of each source', () => {
    const limits = new RateLimits({ ...settings, route_rate_limits: true }, () => 0);
    for (let call = 0; call < 50; call += 1) limits.ofClient('a');
    expect(limits.ofClient('a')?.allowed).toBe(false);
    expect(limits.ofClient('b')?.allowed).toBe(true);
    for (let call = 0; call < 60; call += 1) limits.ofRoute('POST /v1/orders', '127.0.0.1');
    expect(limits.ofRoute('POST /v1/orders', '127.0.0.1')?.allowed).toBe(false);
    expect(limits.ofRoute('POST /v1/orders', '127.0.0.2')?.allowed).toBe(true);
    expect(limits.ofRoute('POST /v1/customers', '127.0.0.1')?.allowed).toBe(true);
  });

  it('a limit that is switched off returns null', () => {
    const limits = new RateLimits({ ...settings, rate_limits: false, route_rate_limits: false });
    expect(limits.ofClient('a')).toBeNull();
    expect(limits.ofRoute('POST /v1/orders', '127.0.0.1')).toBeNull();
  });

  it('a client is refused until the next month when its monthly quota is used up', () => {
    const now = Date.parse('2026-01-31T23:59:00Z');
    const limits = new RateLimits({ ...settings, monthly_quota: 2 }, () => now);
    expect(limits.ofClient('a')?.allowed).toBe(true);
    expect(limits.ofClient('a')?.allowed).toBe(true);
    expect(limits.ofClient('a')).toEqual({ allowed: false, limit: 2, remaining: 0, retryAfterSeconds: 60 });
  });
});
