import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { KeyEnd } from '../../idempotency';
import { type OrderColumns, OrderRows } from '../order-rows';
import { PaymentMetrics } from '../payment-metrics';
import { closeOrder } from '../sessions/session-orders';
import { OperationsRepository } from './rows/operations.repository';
import type { Effect } from './state/effect';
import type { Sale } from './state/operation';
import type { OperationResult } from './state-change';

/** The data of an answer to save beside the operation's state. */
export interface Outcome extends OperationResult {
  /** The columns to save in the order's row if the operation is done. */
  readonly columns?: OrderColumns;
  /**
   * Returns the end of the request's key for an order that is done with a status, to save it in the same statement.
   * Undefined: the key is ended later.
   */
  readonly keyEnd?: ((status: string) => KeyEnd | undefined) | undefined;
}

/** Saves the effects of transitions, each only if its operation's state has not changed since the decision. */
@Injectable()
export class EffectWriter {
  private readonly logger = new Logger('Payments');

  constructor(
    private readonly operations: OperationsRepository,
    private readonly orderRows: OrderRows,
    private readonly metrics: PaymentMetrics,
  ) {}

  /** Saves effects in their order. @returns the order's status if it was saved. */
  async write(
    manager: EntityManager,
    {
      orderId,
      before,
      effects,
      outcome = {},
      at,
    }: {
      orderId: number | null;
      before: Sale;
      effects: readonly Effect[];
      outcome?: Outcome;
      at?: Date | undefined;
    },
  ): Promise<string | undefined> {
    let orderStatus: string | undefined;
    for (const effect of effects) {
      switch (effect.type) {
        case 'update':
          if (await this.operations.update(effect, effect.to === 'done' ? outcome : {}, manager))
            this.count(before, effect);
          break;
        case 'prove_status':
          if (orderId !== null)
            orderStatus = await this.orderRows.proveStatus(manager, {
              orderId,
              status: effect.status,
              columns: outcome.columns ?? {},
            });
          break;
        case 'apply_status':
          if (orderId !== null)
            orderStatus = await this.orderRows.applyStatus(manager, {
              orderId,
              from: before.orderStatus,
              status: effect.status,
              at: at ?? new Date(),
            });
          break;
        case 'paid_twice':
          await this.flagPaidTwice(manager, effect.id);
          break;
        case 'close':
          if (orderId !== null) await closeOrder(manager, orderId);
          break;
        case 'decide':
        case 'judge_closing':
          break;
      }
    }
    return orderStatus;
  }

  /** Counts a change of state for the metrics. */
  count(before: Sale, { id, from, to }: Effect & { type: 'update' }): void {
    if (from === to) return;
    const kind = before.operations.find((operation) => operation.id === id)?.kind ?? 'order';
    if (to === 'unknown') this.metrics.lost.inc({ method: kind });
    else if (to !== 'sent' && to !== 'prepared') this.metrics.settled.inc({ method: kind, outcome: to });
  }

  private async flagPaidTwice(manager: EntityManager, id: number): Promise<void> {
    if (!(await this.operations.flagPaidTwice(id, manager))) return;
    this.metrics.paidTwice.inc();
    this.logger.error({ operationId: id }, 'A sale was paid twice: refund one of its payments');
  }
}
