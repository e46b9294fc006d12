/**
 * The priority of a call. `payment`: a payment, and what is read for it. `shopper`: any other call that a shopper waits
 * for, such as installments, card tokens and new orders. `background`: no client waits for it.
 */
export type Priority = 'payment' | 'shopper' | 'background';

/** The priorities, the first one first. */
export const PRIORITIES = ['payment', 'shopper', 'background'] as const satisfies readonly Priority[];

/** A number for each priority. */
export type ByPriority = Readonly<Record<Priority, number>>;

/** The rate limit of one merchant. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** The part of the burst that only payments may use. Other calls leave these tokens in the bucket. */
const PAYMENT_SHARE_OF_BURST = 0.2;

/** Returns the number of tokens that a call of each priority leaves in the bucket of an instance. */
export function reservedOf({ burst }: Rate): ByPriority {
  const reserved = Math.floor(burst * PAYMENT_SHARE_OF_BURST);
  return { payment: 0, shopper: reserved, background: reserved };
}

/**
 * Returns the number of tokens that a call of each priority leaves in the bucket of all instances. No queue orders their
 * calls, so background calls leave one more token than those of shoppers: while a shopper waits on any instance, the
 * bucket never gets that full.
 */
export function sharedReservedOf(rate: Rate): ByPriority {
  const { payment, shopper } = reservedOf(rate);
  return { payment, shopper, background: Math.min(shopper + 1, rate.burst - 1) };
}
