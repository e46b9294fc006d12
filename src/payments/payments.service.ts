import { Injectable, Logger } from '@nestjs/common';
import { AppmaxClient, AppmaxFailure, failureToApiError, type PaymentMethod } from '../appmax';
import { IdempotencyContext } from '../idempotency';
import type { Merchant } from '../installations';
import { isPaid, type Order, OrdersService } from '../orders';
import { alreadyPaid, inProgress, outcomeUnknown, paymentDeclined, paymentNotMade } from './errors';
import { Ledger, saleOf } from './operations/ledger';
import type { Operation, OrderReading, Sale } from './operations/state/operation';
import type { OperationRow } from './operations/operation-row';
import { OperationsRepository } from './operations/operations.repository';
import { toReading } from './operations/order-reading';
import { isCode, RULES } from './operations/state/rules';
import type { Decision } from './operations/state/effect';
import { transition } from './operations/state/transition';
import { PaymentSender, type PaymentOf } from './payment-sender';

/** How often a request is decided anew because its sale has changed meanwhile. */
const MOST_ROUNDS = 5;

/**
 * Makes payments so that no sale is charged twice: the rules of operations/ decide what is done, and each step is written
 * down before it is taken. No transaction is open while Appmax is waited for.
 */
@Injectable()
export class PaymentsService {
  private readonly logger = new Logger('Payments');

  constructor(
    private readonly appmax: AppmaxClient,
    private readonly sender: PaymentSender,
    private readonly ledger: Ledger,
    private readonly operations: OperationsRepository,
    private readonly orders: OrdersService,
    private readonly idempotency: IdempotencyContext,
  ) {}

  /**
   * Pays an order, or answers what an earlier try of the same request led to.
   *
   * @returns the order as it is afterwards; its row holds what the shopper is shown.
   * @throws ApiError 409 when the order is paid or being paid, 422 when the card is declined, 502 `payment outcome
   * unknown` when it can't be known yet, and what Appmax's other failures map to.
   */
  async pay<Method extends PaymentMethod>(payment: PaymentOf<Method>): Promise<Order> {
    let { order } = payment;
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      if (round > 1) order = await this.orders.getById(order.id);
      const rows = await this.operations.ofSale(saleOf(order.id));
      const { decision, sale } = await this.decide({ ...payment, order }, rows);
      if (decision.kind !== 'prepare') return this.conclude(payment, { order, sale, decision });
      const paid = await this.sender.make({ ...payment, order }, { sale, rows, baseline: decision.baseline });
      if (paid !== undefined) return paid;
    }
    throw inProgress(order);
  }

  /** Decides what is done. Where Appmax must be asked for the order first, what it says is written down, too. */
  private async decide(
    { merchant, order, method }: PaymentOf<PaymentMethod>,
    rows: readonly OperationRow[],
  ): Promise<{ decision: Decision; sale: Sale }> {
    const keyId = this.idempotency.current()?.id ?? null;
    const asked = { type: 'asked', kind: method, keyId } as const;
    let before = this.ledger.view(rows, order);
    let step = transition(before, { ...asked, reading: null });
    const first = decisionOf(step.effects);
    const at = databaseClock(rows[0]?.database_now)();
    if (first.kind === 'read' || first.kind === 'judge') {
      const reading = await this.read({ merchant, order, method }, before, at);
      if (reading !== undefined) {
        before = this.ledger.view(rows, order, at);
        step = transition(before, { ...asked, reading });
      } else if (first.kind === 'read') {
        const open = openCode(before, method);
        return { decision: open === undefined ? first : { kind: 'answer', id: open.id }, sale: before };
      }
    }
    await this.ledger.writeAll(order.id, before, { effects: step.effects, at });
    return { decision: decisionOf(step.effects), sale: step.sale };
  }

  /**
   * Asks Appmax for the order.
   *
   * @returns undefined where it can't be asked and that need not stop the request: an open code is answered all the same.
   * @throws ApiError what Appmax's failure maps to; nothing was sent.
   */
  private async read(
    { merchant, order, method }: { merchant: Merchant; order: Order; method: PaymentMethod },
    sale: Sale,
    at: Date,
  ): Promise<OrderReading | undefined> {
    try {
      return toReading(await this.appmax.getOrder(merchant.credentials, order.appmaxOrderId), at);
    } catch (error) {
      if (!(error instanceof AppmaxFailure)) throw error;
      const isOwnUnknown = sale.operations.some(
        ({ keyId, state }) => state === 'unknown' && keyId === this.idempotency.current()?.id,
      );
      if (isOwnUnknown || openCode(sale, method) !== undefined) return undefined;
      throw failureToApiError(error, 'payment processing failed');
    }
  }

  /** Answers a request for which nothing is sent. */
  private async conclude(
    { method }: PaymentOf<PaymentMethod>,
    { order, sale, decision }: { order: Order; sale: Sale; decision: Decision },
  ): Promise<Order> {
    const known = { appmaxOrderId: order.appmaxOrderId, status: sale.orderStatus };
    switch (decision.kind) {
      case 'answer':
        return this.answerAgain(order, sale, decision.id);
      case 'judge':
        throw isPaid(sale.orderStatus) ? alreadyPaid(known) : outcomeUnknown(known);
      case 'not_payable': {
        const told = { ...known, status: decision.status };
        throw isPaid(decision.status) || RULES.isPaidFor(sale) ? alreadyPaid(told) : inProgress(told);
      }
      case 'in_progress':
      case 'read':
      case 'prepare':
        this.logger.debug({ orderId: order.appmaxOrderId, method }, 'Another payment is under way');
        throw inProgress(known);
    }
  }

  /** The outcome of an operation that an earlier request has made, from the order as it is now. */
  private async answerAgain(order: Order, sale: Sale, id: number): Promise<Order> {
    const operation = sale.operations.find((candidate) => candidate.id === id);
    const now = await this.orders.getById(order.id);
    if (operation?.keyId === this.idempotency.current()?.id) this.idempotency.markReplayed();
    switch (operation?.state) {
      case 'done':
        return now;
      case 'declined':
        throw paymentDeclined(now);
      default:
        throw paymentNotMade(now);
    }
  }
}

function decisionOf(effects: ReturnType<typeof transition>['effects']): Decision {
  const decided = effects.find((effect) => effect.type === 'decide');
  if (decided === undefined) throw new Error('A request for a payment was not decided');
  return decided.decision;
}

/** The database's clock, kept going by this process's monotonic one. */
function databaseClock(now: Date | undefined): () => Date {
  const [start, read] = [now?.getTime() ?? Date.now(), performance.now()];
  return () => new Date(start + performance.now() - read);
}

function openCode(sale: Sale, method: PaymentMethod): Operation | undefined {
  if (!RULES.isPayable(sale.orderStatus) || RULES.isPaidFor(sale)) return undefined;
  return sale.operations.findLast(
    (operation) =>
      operation.kind === method && isCode(operation) && RULES.isOpenCode(operation, sale, sale.orderStatus),
  );
}
