/** The limits of declined cards in one hour. */
export interface DeclineRule {
  /** This number of declines has no effect: shoppers mistype, or try another card. */
  readonly free: number;
  /** From this number of declines on, cards are refused until the oldest decline is an hour old. */
  readonly refusedFrom: number;
}

/** The verdict on a card payment: send it, delay it, or refuse it. */
export type DeclineVerdict =
  { readonly kind: 'go' } | { readonly kind: 'slow'; readonly seconds: number } | { readonly kind: 'refuse' };

/** The time for which a decline counts: one hour. */
export const DECLINE_MILLISECONDS = 60 * 60 * 1000;

const LONGEST_SECONDS = 8;

/** The limits by IP address and by order. Many shoppers may share an IP address, at work or with a mobile carrier. A `network` is an IPv6 /48, which one attacker may own. */
export const DECLINE_RULES = {
  address: { free: 5, refusedFrom: 12 },
  network: { free: 50, refusedFrom: 120 },
  order: { free: 3, refusedFrom: 8 },
} as const satisfies Readonly<Record<string, DeclineRule>>;

export type DeclineSubject = keyof typeof DECLINE_RULES;

/** Judges a card payment by the number of earlier declines. The delay doubles with each decline: 1, 2, 4, 8 s. */
export function judgeDeclines(declines: number, { free, refusedFrom }: DeclineRule): DeclineVerdict {
  if (declines >= refusedFrom) return { kind: 'refuse' };
  if (declines < free) return { kind: 'go' };
  return { kind: 'slow', seconds: Math.min(LONGEST_SECONDS, 2 ** (declines - free)) };
}
