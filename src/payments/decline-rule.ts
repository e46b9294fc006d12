/** How many declined cards an hour are borne with, and what comes of more. */
export interface DeclineRule {
  /** So many are nobody's business: people mistype, and try another card. */
  readonly free: number;
  /** From so many on, no card is tried until the oldest of them is an hour old. */
  readonly refusedFrom: number;
}

/** What a card payment meets with. */
export type DeclineVerdict =
  { readonly kind: 'go' } | { readonly kind: 'slow'; readonly seconds: number } | { readonly kind: 'refuse' };

/** How long a decline counts. */
export const DECLINE_MILLISECONDS = 60 * 60 * 1000;

const LONGEST_SECONDS = 8;

/** Many shoppers share an address, at work or with a mobile carrier; few share an order. */
export const DECLINE_RULES = {
  address: { free: 5, refusedFrom: 12 },
  order: { free: 3, refusedFrom: 8 },
} as const satisfies Readonly<Record<string, DeclineRule>>;

export type DeclineSubject = keyof typeof DECLINE_RULES;

/** Whoever tries stolen cards needs many tries: each costs twice as long as the one before, and then there are none. */
export function verdictOn(declines: number, { free, refusedFrom }: DeclineRule): DeclineVerdict {
  if (declines >= refusedFrom) return { kind: 'refuse' };
  if (declines < free) return { kind: 'go' };
  return { kind: 'slow', seconds: Math.min(LONGEST_SECONDS, 2 ** (declines - free)) };
}
