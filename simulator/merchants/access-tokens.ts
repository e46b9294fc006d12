import { BoundedMap } from '../common/bounded-map';
import { randomHex } from '../common/identifiers';
import { type Merchant } from './merchant';

const KEPT_TOKENS = 50_000;

/** The owner of a bearer token: the app itself, or one merchant. */
export interface TokenHolder {
  readonly clientId: string;
  /** Null for the app-level token. */
  readonly merchant: Merchant | null;
}

interface IssuedToken extends TokenHolder {
  readonly expiresAt: number;
}

/** The bearer tokens. Their lifetime follows real time, because clients measure it with their own clocks. */
export class AccessTokens {
  private readonly tokens = new BoundedMap<string, IssuedToken>(KEPT_TOKENS);

  constructor(private readonly realNow: () => number = Date.now) {}

  /** Issues a token. @param lifetimeSeconds seconds until it expires */
  issue(holder: TokenHolder, lifetimeSeconds: number): string {
    const token = `sim_${randomHex(24)}`;
    this.tokens.set(token, { ...holder, expiresAt: this.realNow() + lifetimeSeconds * 1000 });
    return token;
  }

  /** Returns the owner of a token, or null if it is unknown, expired or revoked. */
  holderOf(token: string): TokenHolder | null {
    const issued = this.tokens.get(token);
    return issued !== undefined && issued.expiresAt > this.realNow() ? issued : null;
  }

  revoke(token: string): void {
    this.tokens.delete(token);
  }

  /** Revokes the tokens of one merchant, or all tokens. @returns the number of tokens */
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
