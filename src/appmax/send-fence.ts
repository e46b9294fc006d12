/**
 * Marks, outside of this process, whether an operation was sent. Who repeats it after a crash reads the mark, so it is
 * set before the first byte leaves and taken back only on proof.
 */
export interface SendFence {
  /** Marks the operation as sent; throws if it must not be sent. */
  pass(): Promise<void>;
  /** Takes the mark back: it is proven that Appmax did not carry the request out. */
  withdraw(): Promise<void>;
}
