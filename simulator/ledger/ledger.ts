import { RingBuffer } from '../common/ring-buffer';
import { type Order } from '../orders/order';

const KEPT_ENTRIES = 100_000;

/**
 * Money that moved: `charge` was taken from the shopper, `refund` was given back on request, `reversal` after
 * anti-fraud refused, `chargeback` by the shopper's bank, `chargeback_reversal` when the merchant won the dispute.
 */
export type LedgerKind = 'charge' | 'refund' | 'reversal' | 'chargeback' | 'chargeback_reversal';

/** One movement of money. */
export interface LedgerEntry {
  readonly id: number;
  readonly kind: LedgerKind;
  readonly method: string;
  readonly order_id: number;
  readonly external_key: string;
  /** Always positive; the kind says which way it went. */
  readonly cents: number;
  /** The payment's `pay_reference`. */
  readonly reference: string;
  /** UTC, of the simulated clock. */
  readonly at: string;
}

/** Every charge and what came back of it: what a double charge can't hide from. */
export class Ledger {
  private readonly entries = new RingBuffer<LedgerEntry>(KEPT_ENTRIES);

  /** @param now the simulated time in milliseconds */
  constructor(private readonly now: () => number) {}

  record(
    kind: LedgerKind,
    order: Order,
    movement: { method: string; cents: number; reference: string },
  ): void {
    this.entries.push({
      id: this.entries.total + 1,
      kind,
      method: movement.method,
      order_id: order.id,
      external_key: order.merchant.externalKey,
      cents: movement.cents,
      reference: movement.reference,
      at: new Date(this.now()).toISOString(),
    });
  }

  /** Oldest first, of one order if asked so. */
  list(orderId?: number): LedgerEntry[] {
    const entries = this.entries.oldestFirst();
    return orderId === undefined ? entries : entries.filter((entry) => entry.order_id === orderId);
  }

  clear(): void {
    this.entries.clear();
  }
}
