import { BoundedMap } from '../common/bounded-map';
import { type Settings } from '../settings/settings';
import { FixedWindow, type LimitVerdict, TokenBucket } from './token-bucket';

const MERCHANT_BURST = 50;
const MERCHANT_PER_SECOND = 5;
const ROUTE_PER_MINUTE = 60;
const MINUTE = 60_000;
const KEPT_CLIENTS = 10_000;
const KEPT_ROUTES = 10_000;

/** The monthly quota of one client. */
class ClientQuota {
  private month = '';
  private used = 0;

  /** Counts one call. @returns false if the month's quota is used up */
  take(quota: number, now: number): boolean {
    const month = new Date(now).toISOString().slice(0, 7);
    if (month !== this.month) {
      this.month = month;
      this.used = 0;
    }
    if (this.used >= quota) return false;
    this.used += 1;
    return true;
  }
}

function secondsToNextMonth(now: number): number {
  const date = new Date(now);
  return Math.ceil((Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) - now) / 1000);
}

/** Appmax's rate limits. They follow real time, because clients measure it with their own clocks. */
export class RateLimits {
  private readonly buckets = new BoundedMap<string, TokenBucket>(KEPT_CLIENTS);
  private readonly quotas = new BoundedMap<string, ClientQuota>(KEPT_CLIENTS);
  private readonly windows = new BoundedMap<string, FixedWindow>(KEPT_ROUTES);

  constructor(
    private readonly settings: Settings,
    private readonly realNow: () => number = Date.now,
  ) {}

  /** Counts one call of a merchant's client id. @returns null if that limit is switched off */
  ofClient(clientId: string): LimitVerdict | null {
    if (!this.settings.rate_limits) return null;
    const now = this.realNow();
    const bucket = this.buckets.get(clientId) ?? new TokenBucket(MERCHANT_BURST, MERCHANT_PER_SECOND, now);
    this.buckets.set(clientId, bucket);
    const verdict = bucket.take(now);
    const quota = this.settings.monthly_quota;
    if (!verdict.allowed || quota === null || this.quotaOf(clientId).take(quota, now)) return verdict;
    return { allowed: false, limit: quota, remaining: 0, retryAfterSeconds: secondsToNextMonth(now) };
  }

  /** Counts one call of a route from one IP address. @returns null if that limit is switched off */
  ofRoute(route: string, source: string): LimitVerdict | null {
    if (!this.settings.route_rate_limits) return null;
    const now = this.realNow();
    const key = `${source} ${route}`;
    const window = this.windows.get(key) ?? new FixedWindow(ROUTE_PER_MINUTE, MINUTE, now);
    this.windows.set(key, window);
    return window.take(now);
  }

  clear(): void {
    this.buckets.clear();
    this.quotas.clear();
    this.windows.clear();
  }

  private quotaOf(clientId: string): ClientQuota {
    const quota = this.quotas.get(clientId) ?? new ClientQuota();
    this.quotas.set(clientId, quota);
    return quota;
  }
}
