import type { SendFence } from '../../appmax';
import type { Lease } from '../../common/leases/lease';
import { PAYABLE_STATUSES } from '../../orders';
import { closedAfterRestoration } from '../errors';
import type { OperationsRepository } from './rows/operations.repository';

/** Thrown when an operation may not be sent: its lease has expired, or its sale has been paid meanwhile. */
export class FenceError extends Error {}

/** The fence of one operation: it marks the operation as sent in the database, and knows if it is marked. */
export class OperationFence implements SendFence {
  private sent = false;

  constructor(
    private readonly lease: Lease,
    private readonly operations: Pick<OperationsRepository, 'fence' | 'refusedByRestoration' | 'withdraw'>,
  ) {}

  /** Marks the operation as sent. @throws FenceError if it may not be sent; ApiError 503 after a restoration. */
  async pass(): Promise<void> {
    const sentAt = await this.operations.fence(this.lease, PAYABLE_STATUSES);
    if (sentAt === undefined) {
      const seconds = await this.operations.refusedByRestoration(this.lease);
      if (seconds !== undefined) throw closedAfterRestoration(seconds);
      throw new FenceError(`operation ${this.lease.id} may not be sent`);
    }
    this.sent = true;
  }

  async withdraw(): Promise<void> {
    // If it is too late to remove the mark, the operation is `unknown`, and evidence settles it.
    await this.operations.withdraw(this.lease);
    this.sent = false;
  }

  /** True if the operation was sent and the mark was not removed. */
  get isSent(): boolean {
    return this.sent;
  }
}
