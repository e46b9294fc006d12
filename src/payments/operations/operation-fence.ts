import type { SendFence } from '../../appmax';
import type { Lease } from '../../common/leases/lease';
import { PAYABLE_STATUSES } from '../../orders';
import type { OperationsRepository } from './operations.repository';

/** A payment or a refund may not be sent: its lease is over, or its sale has been paid meanwhile. */
export class FenceError extends Error {}

/** The fence of one operation, with when it was passed. */
export class OperationFence implements SendFence {
  private sent: { readonly at: Date; readonly monotonic: number } | undefined;

  constructor(
    private readonly lease: Lease,
    private readonly operations: Pick<OperationsRepository, 'fence' | 'withdraw'>,
  ) {}

  /** @throws FenceError when the operation may not be sent. */
  async pass(): Promise<void> {
    const at = await this.operations.fence(this.lease, PAYABLE_STATUSES);
    if (at === undefined) throw new FenceError(`operation ${this.lease.id} may not be sent`);
    this.sent = { at, monotonic: performance.now() };
  }

  async withdraw(): Promise<void> {
    // Where it is too late to take the mark back, the operation is unknown, and evidence decides.
    await this.operations.withdraw(this.lease);
    this.sent = undefined;
  }

  /** When the operation was sent, by the database's clock; undefined where it was not, or the mark was taken back. */
  sentAt(): Date | undefined {
    return this.sent?.at;
  }

  /** The database's clock now, as far as this process can tell without asking. */
  databaseNow(): Date {
    if (this.sent === undefined) return new Date();
    return new Date(this.sent.at.getTime() + performance.now() - this.sent.monotonic);
  }
}
