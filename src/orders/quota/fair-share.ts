/** The limit that refuses a call: that of all callers together, the caller's own share, or that of a checkout session. */
export type Refusal = 'budget' | 'share' | 'session';

/** A caller that wants to cause calls to Appmax. */
export interface Spending {
  /** The calls that the caller has caused today. */
  readonly used: number;
  /** The calls that it would cause now. */
  readonly calls: number;
  /** The calls that are left of the merchant's day, for all callers together. */
  readonly left: number;
  /** The percentage of what is left that one caller may use. */
  readonly percent: number;
}

/**
 * Returns true if a caller may cause calls: its calls of the day stay within its percentage of what is left, or it has
 * caused none yet. The share shrinks with what is left, so frequent callers are refused first and new ones last.
 */
export function mayCall({ used, calls, left, percent }: Spending): boolean {
  if (calls > left) return false;
  return used === 0 || used + calls <= (left * percent) / 100;
}
