import { BoundedMap } from '../common/bounded-map';
import { randomHex } from '../common/identifiers';
import { type Merchant } from './merchant';

const KEPT_TOKENS = 50_000;

/** Who a bearer token speaks for: the app itself, or one merchant. */
export interface TokenHolder {
  readonly clientId: string;
  /** Null for the app-level token. */
  readonly merchant: Merchant | null;
}

interface IssuedToken extends TokenHolder {
  readonly expiresAt: number;
}

/** Bearer tokens. Their lifetime follows real time: the client counts it on a clock of its own. */
export class AccessTokens {
  private readonly tokens = new BoundedMap<string, IssuedToken>(KEPT_TOKENS);

  constructor(private readonly realNow: () => number = Date.now) {}

  /** @param lifetimeSeconds after which the token is refused */
  issue(holder: TokenHolder, lifetimeSeconds: number): string {
    const token = `sim_${randomHex(24)}`;
    this.tokens.set(token, { ...holder, expiresAt: this.realNow() + lifetimeSeconds * 1000 });
    return token;
  }

  /** Who the token speaks for, or null if it is unknown, expired or revoked. */
  holderOf(token: string): TokenHolder | null {
    const issued = this.tokens.get(token);
    return issued !== undefined && issued.expiresAt > this.realNow() ? issued : null;
  }

  revoke(token: string): void {
    this.tokens.delete(token);
  }

  /** Revokes every token of one merchant, or of everyone. */
  revokeAll(merchant?: Merchant): number {
    let revoked = 0;
    for (const [token, issued] of [...this.tokens.entries()]) {
      if (merchant !== undefined && issued.merchant !== merchant) continue;
      this.tokens.delete(token);
      revoked += 1;
    }
    return revoked;
  }
}
