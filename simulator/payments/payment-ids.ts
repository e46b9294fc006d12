import { idSequence, randomHex } from '../common/identifiers';

const nextId = idSequence();

/** The id and the reference of a new payment. */
export function paymentIdentity(): { id: number; reference: string } {
  return { id: nextId(), reference: randomHex(12) };
}
