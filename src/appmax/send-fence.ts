/**
 * Records outside of this process that an operation was sent. Recovery after a crash reads this mark, so it is set
 * before the first byte is written and removed only on proof that the operation had no effect.
 */
export interface SendFence {
  /** Marks the operation as sent; throws if it must not be sent. */
  pass(): Promise<void>;
  /** Removes the mark, after proof that Appmax did not carry the request out. */
  withdraw(): Promise<void>;
}
