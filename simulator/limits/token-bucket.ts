/** The decision of a limit on one call. */
export interface LimitVerdict {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Whole seconds until a call is allowed again; 0 if this one was. */
  readonly retryAfterSeconds: number;
}

/** A token bucket: allows `burst` calls at once, then `perSecond`. */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  constructor(
    private readonly burst: number,
    private readonly perSecond: number,
    now: number,
  ) {
    this.tokens = burst;
    this.filledAt = now;
  }

  /** @param now milliseconds of real time */
  take(now: number): LimitVerdict {
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filledAt) / 1000) * this.perSecond);
    this.filledAt = now;
    if (this.tokens >= 1) {
      this.tokens -= 1;
      return { allowed: true, limit: this.burst, remaining: Math.floor(this.tokens), retryAfterSeconds: 0 };
    }
    const retryAfterSeconds = Math.max(1, Math.ceil((1 - this.tokens) / this.perSecond));
    return { allowed: false, limit: this.burst, remaining: 0, retryAfterSeconds };
  }
}

/** A fixed-window limit: allows `limit` calls per window. */
export class FixedWindow {
  private count = 0;
  private startedAt: number;

  constructor(
    private readonly limit: number,
    private readonly windowMilliseconds: number,
    now: number,
  ) {
    this.startedAt = now;
  }

  /** @param now milliseconds */
  take(now: number): LimitVerdict {
    if (now - this.startedAt >= this.windowMilliseconds) {
      this.startedAt = now;
      this.count = 0;
    }
    if (this.count < this.limit) {
      this.count += 1;
      return { allowed: true, limit: this.limit, remaining: this.limit - this.count, retryAfterSeconds: 0 };
    }
    const left = this.startedAt + this.windowMilliseconds - now;
    return {
      allowed: false,
      limit: this.limit,
      remaining: 0,
      retryAfterSeconds: Math.max(1, Math.ceil(left / 1000)),
    };
  }
}
