import { RingBuffer } from '../common/ring-buffer';
import { type Order } from '../orders/order';

const KEPT_ENTRIES = 100_000;

/**
 * The kinds of money movements. `charge` takes money from the shopper. `refund` returns it on request, `reversal` after
 * a refusal by anti-fraud, `chargeback` through the shopper's bank. `chargeback_reversal` gives it back to a merchant
 * who has won the dispute.
 */
export type LedgerKind = 'charge' | 'refund' | 'reversal' | 'chargeback' | 'chargeback_reversal';

/** One movement of money. */
export interface LedgerEntry {
  readonly id: number;
  readonly kind: LedgerKind;
  readonly method: string;
  readonly order_id: number;
  readonly external_key: string;
  /** Always positive; the kind determines the direction. */
  readonly cents: number;
  /** The payment's `pay_reference`. */
  readonly reference: string;
  /** UTC, of the simulated clock. */
  readonly at: string;
}

/** The list of all movements of money. It shows every double charge. */
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

  /** Lists the movements, oldest first; with `orderId` only those of this order. */
  list(orderId?: number): LedgerEntry[] {
    const entries = this.entries.oldestFirst();
    return orderId === undefined ? entries : entries.filter((entry) => entry.order_id === orderId);
  }

  clear(): void {
    this.entries.clear();
  }
}
