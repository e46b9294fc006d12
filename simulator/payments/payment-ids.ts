import { idSequence, randomHex } from '../common/identifiers';

const nextId = idSequence();

/** Generates the id and the reference of a payment. */
export function paymentIdentity(): { id: number; reference: string } {
  return { id: nextId(), reference: randomHex(12) };
}
