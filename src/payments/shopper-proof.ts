import { Injectable } from '@nestjs/common';
import { type Digests, KeyedDigest } from '../common/secrets/keyed-digest';
import type { Merchant } from '../installations';
import type { Order } from '../orders';
import { saleOf } from './operations/ledger';
import type { OperationRow } from './operations/rows/operation-row';
import { OperationsRepository } from './operations/rows/operations.repository';
import { isPayment } from './operations/state/rules';

/** A caller of a payment route. */
export interface Caller {
  readonly merchant: Pick<Merchant, 'installationId'>;
  readonly order: Pick<Order, 'id'>;
  /** True if the caller has named the order's token or customer_id, or has just created the order. */
  readonly isShopper: boolean;
  /** The document that the caller names. */
  readonly document: string;
}

const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['not_sent', 'refused', 'declined']);

/**
 * Decides if a caller is the shopper of an order: order ids are consecutive numbers, so naming one proves nothing. The
 * proof is the order's token, its customer_id, or a document that an operation of the order was made with.
 */
@Injectable()
export class ShopperProof {
  constructor(
    private readonly digest: KeyedDigest,
    private readonly operations: OperationsRepository,
  ) {}

  /** Returns the digest of a document, for the operation that is made with it. */
  digestOf(merchant: Caller['merchant'], document: string): string {
    return this.digests(merchant, document)[0];
  }

  /**
   * Returns true if the caller has proven to be the shopper of the order.
   *
   * @param about the id of the operation whose result the caller would learn; by default, the newest payment that had an
   * effect. The document of any other payment is no proof, because anyone can pay an order.
   */
  async isGiven({ isShopper, merchant, order, document }: Caller, about?: number): Promise<boolean> {
    if (isShopper) return true;
    const rows = await this.operations.ofSale(saleOf(order.id));
    const payment = rows.findLast(({ id }) => id === about) ?? rows.findLast(hadEffect);
    const digests = this.digests(merchant, document);
    return rows.some(
      (row) => (row.kind === 'order' || row === payment) && digests.includes(row.payer_digest ?? ''),
    );
  }

  private digests({ installationId }: Caller['merchant'], document: string): Digests {
    return payerDigests(this.digest, installationId, document);
  }
}

/** Returns the digests of a document as `payer_digest` has them: they differ from merchant to merchant. */
export function payerDigests(digest: KeyedDigest, installationId: number, document: string): Digests {
  return digest.of(['payer', installationId, document]);
}

function hadEffect(row: OperationRow): boolean {
  return isPayment(row) && !WITHOUT_EFFECT.has(row.state);
}
