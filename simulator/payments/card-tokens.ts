import { BoundedMap } from '../common/bounded-map';
import { randomHex } from '../common/identifiers';
import { type Merchant } from '../merchants/merchant';
import { type Card } from './card';

const KEPT_TOKENS = 50_000;

/** The card tokens. Each is valid for one merchant and one use. */
export class CardTokens {
  private readonly cards = new BoundedMap<
    string,
    { readonly card: Card; readonly merchant: Merchant | null }
  >(KEPT_TOKENS);

  /** @param merchant null if it is not known: the first merchant that uses the token may */
  issue(merchant: Merchant | null, card: Card): string {
    const token = randomHex(16);
    this.cards.set(token, { card, merchant });
    return token;
  }

  /** Returns the card of a token and deletes the token; null if it is unknown, used, or another merchant's. */
  redeem(merchant: Merchant, token: string): Card | null {
    const kept = this.cards.get(token);
    if (kept === undefined || (kept.merchant !== null && kept.merchant !== merchant)) return null;
    this.cards.delete(token);
    return kept.card;
  }

  clear(): void {
    this.cards.clear();
  }
}
