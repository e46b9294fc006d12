import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppmaxFailure } from '../../appmax/appmax-failure';
import { ApiError } from '../../common/errors/api-error';
import { currentRequestId } from '../../common/http/request-context';
import type { Order } from '../order.entity';
import { OUTCOME_OF_FAILURE } from './attempt-outcome';

/** `value` in cents, with a partial refund. */
export interface NewRefund {
  readonly order: Order;
  readonly type: 'total' | 'partial';
  readonly value?: number | undefined;
}

/** What is taken of an order's total, and whether something about it is unclear. */
interface Refunded {
  readonly total_cents: number;
  readonly refunded_cents: number;
  readonly unclear: boolean;
}

/**
 * Asks for refunds, never for more than was paid. A request whose outcome is unknown is not sent again: it counts as
 * if it had been accepted, and keeps others back until a person has looked at it.
 */
@Injectable()
export class RefundRequests {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Notes a refund and sends it.
   *
   * @throws ApiError 409 while an earlier one is unclear, 422 when it would pass the order's total.
   * @throws AppmaxFailure when it was not accepted, or nobody knows.
   */
  async request(refund: NewRefund, send: () => Promise<void>): Promise<void> {
    const id = await this.begin(refund);
    try {
      await send();
    } catch (error) {
      const outcome = error instanceof AppmaxFailure ? OUTCOME_OF_FAILURE[error.kind] : 'unavailable';
      await this.end(id, outcome, error instanceof Error ? error.message : undefined);
      throw error;
    }
    await this.end(id, 'accepted');
  }

  /** The order's row is locked for the sum and the insert only: a sum can't be held by an index. */
  private begin({ order, type, value }: NewRefund): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT FROM orders WHERE id = $1 FOR UPDATE', [order.id]);
      const [sums] = await manager.query<Refunded[]>(
        `SELECT o.total_cents, COALESCE(sum(r.amount_cents), 0)::int AS refunded_cents,
           COALESCE(bool_or(r.state = 'unknown'), false) AS unclear
         FROM orders o LEFT JOIN refund_requests r ON r.order_id = o.id AND r.state IN ('started', 'accepted', 'unknown')
         WHERE o.id = $1 GROUP BY o.total_cents`,
        [order.id],
      );
      const left = (sums?.total_cents ?? 0) - (sums?.refunded_cents ?? 0);
      if (sums?.unclear === true) throw refundUnclear(order);
      const amount = type === 'total' ? left : (value ?? 0);
      if (amount > left || left === 0) throw refundTooLarge(left);
      const [row] = await manager.query<{ id: number }[]>(
        'INSERT INTO refund_requests (order_id, type, amount_cents, request_id) VALUES ($1, $2, $3, $4) RETURNING id',
        [order.id, type, amount, currentRequestId() ?? null],
      );
      return row?.id ?? 0;
    });
  }

  private async end(id: number, state: string, failure?: string): Promise<void> {
    await this.dataSource.query(
      'UPDATE refund_requests SET state = $2, failure = $3, settled_at = now() WHERE id = $1',
      [id, state, failure ?? null],
    );
  }
}

/** 409: nobody knows what became of an earlier refund. */
export function refundUnclear({ appmaxOrderId }: Pick<Order, 'appmaxOrderId'>): ApiError {
  return new ApiError(
    409,
    'an earlier refund of this order has an unknown outcome: check it in the Appmax panel',
    {
      details: { order_id: appmaxOrderId },
    },
  );
}

/** 422: more than is left. @param left in cents. */
export function refundTooLarge(left: number): ApiError {
  return new ApiError(422, 'the refunds of this order would pass its total', {
    details: { refundable_cents: left },
  });
}
