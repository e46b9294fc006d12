import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import {
  AppmaxClient,
  AppmaxFailure,
  failureToApiError,
  meansAlreadyPaid,
  type PaymentMethod,
} from '../appmax';
import { ApiError } from '../common/errors/api-error';
import { IdempotencyContext, type KeyEnd } from '../idempotency';
import { isPaid, type Order, OrdersService } from '../orders';
import { alreadyPaid, outcomeUnknown, paymentDeclined, paymentNotMade } from './errors';
import type { PaymentMethodHandler, PaymentRequests } from './methods/payment-method';
import { PaymentMethods } from './methods/payment-methods';
import type { Outcome } from './operations/effect-writer';
import { Ledger, saleOf } from './operations/ledger';
import { FenceError } from './operations/operation-fence';
import { creationOf, toReading } from './operations/order-reading';
import { OperationsRepository } from './operations/rows/operations.repository';
import type { OrderReading, Sale } from './operations/state/operation';
import { isCode, isPayment } from './operations/state/rules';
import type { OperationAnswer } from './operations/state/sale-event';
import type { Attempt, PaymentOf } from './payment';
import { ShopperProof } from './shopper-proof';

/** The reads of an order while the client waits, in seconds after the answer to its payment was lost. */
const ASK_AFTER_SECONDS = [1, 3, 8];
/** Refusals with these statuses may mean that the order is already paid. */
const MAY_MEAN_PAID = new Set([400, 404, 409, 422]);

/** Sends a payment after the decision: prepares its operation, passes the fence, and saves the outcome. */
@Injectable()
export class PaymentSender {
  private readonly logger = new Logger('Payments');

  constructor(
    private readonly appmax: AppmaxClient,
    private readonly methods: PaymentMethods,
    private readonly ledger: Ledger,
    private readonly operations: OperationsRepository,
    private readonly orders: OrdersService,
    private readonly shopperProof: ShopperProof,
    private readonly idempotency: IdempotencyContext,
  ) {}

  /**
   * Makes a payment.
   *
   * @returns the order afterwards; undefined if the sale has changed, so that a new decision is needed.
   * @throws ApiError 409, 422 and 502, as in PaymentsService.
   */
  async send<Method extends PaymentMethod>(
    payment: PaymentOf<Method>,
    { sale, baseline }: { sale: Sale; baseline: OrderReading | null },
  ): Promise<Order | undefined> {
    const { merchant, order, method, request, guard = (send) => send() } = payment;
    const handler: PaymentMethodHandler<PaymentRequests[Method]> = this.methods.of(method);
    const document = handler.payerDocument(request);
    const lease = await this.operations.prepare({
      kind: method,
      installationId: merchant.installationId,
      orderId: order.id,
      sale: saleOf(order.id),
      newestSeen: Math.max(0, ...sale.operations.filter(isPayment).map(({ id }) => id)),
      amountCents: order.totalCents,
      installments: handler.installments(request),
      callLimitSeconds: handler.callLimitSeconds,
      baseline: baseline ?? creationOf(order),
      payerDigest: this.shopperProof.digestOf(merchant, document),
    });
    if (lease === undefined) return undefined;
    const fence = this.ledger.fence(lease);
    const attempt: Attempt = {
      merchant,
      order,
      operation: { id: lease.id, sale: saleOf(order.id), orderId: order.id },
      fence,
      sale: this.ledger.withSent(sale, {
        id: lease.id,
        kind: method,
        totalCents: order.totalCents,
        baseline,
      }),
      isLearnable: handler.isLearnable,
      mayLearn: (id) => this.shopperProof.isGiven({ ...payment, document }, id),
      answer: payment.answer,
    };
    return this.ledger.during(lease, async () => {
      try {
        const accepted = await guard(() => handler.send({ merchant, order, request }, fence));
        const { status, columns, codeExpiresAt } = accepted;
        const paid = await this.settle(attempt, { kind: 'accepted', status }, { columns, codeExpiresAt });
        return status === null && paid !== undefined ? await this.withStatus(attempt, paid) : paid;
      } catch (error) {
        return this.afterFailure(attempt, error, handler);
      }
    });
  }

  /** Reads the order's status if the answer to an accepted charge had none. It is used only if it is a paid status. */
  private async withStatus(attempt: Attempt, paid: Order): Promise<Order> {
    const seen = await this.observe(attempt);
    return seen !== undefined && isPaid(seen.orderStatus) ? { ...paid, status: seen.orderStatus } : paid;
  }

  private async settle(
    attempt: Attempt,
    answer: OperationAnswer & { kind: 'accepted' },
    outcome: Outcome,
  ): Promise<Order | undefined> {
    const { order, operation, sale } = attempt;
    const orderIn = (status: string): Order => ({ ...order, ...outcome.columns, status });
    // Without a status in Appmax's answer, the order's reading may change ours.
    const keyEnd = (status: string): KeyEnd | undefined =>
      answer.status === null || attempt.answer === undefined
        ? undefined
        : this.idempotency.endWith(attempt.answer(orderIn(status)));
    const settling = this.ledger.answer(operation, sale, answer, { ...outcome, keyEnd });
    const { operation: settled, orderStatus } = await settling;
    const after = orderIn(orderStatus);
    if (settled.state === 'declined') throw paymentDeclined(after);
    // A code that was judged lost meanwhile may have been replaced. Then the client gets the replacement.
    return settled.state === 'done' ? after : undefined;
  }

  /**
   * Saves the failure of an attempt, and throws its error.
   *
   * @returns the order if it turns out to be paid or to have a code; undefined if a new decision is needed.
   */
  private async afterFailure(
    attempt: Attempt,
    error: unknown,
    handler: Pick<PaymentMethodHandler<never>, 'hasCode'>,
  ): Promise<Order | undefined> {
    const { operation, fence, order } = attempt;
    if (error instanceof ApiError && error.outcome === 'final') throw error;
    if (!fence.isSent) {
      const { state } = await this.ledger.fail(operation, describe(error));
      if (state === 'unknown') throw outcomeUnknown(order, error);
      if (error instanceof FenceError) return undefined;
      throw error instanceof AppmaxFailure ? failureToApiError(error, 'payment processing failed') : error;
    }
    if (error instanceof AppmaxFailure) return this.afterSending(attempt, error, handler);
    // An error after the sending, such as a database error or a bug: the outcome is unknown.
    this.logger.error(error, 'A payment was sent, but its outcome could not be saved');
    await this.ledger.fail(operation, describe(error)).catch(() => undefined);
    throw outcomeUnknown(order, error);
  }

  /** Continues after a call that was sent and failed: its answer was lost, or is a decline or another refusal. */
  private async afterSending(
    attempt: Attempt,
    failure: AppmaxFailure,
    handler: Pick<PaymentMethodHandler<never>, 'hasCode'>,
  ): Promise<Order | undefined> {
    const { operation, sale, order } = attempt;
    if (failure.kind === 'unknown') {
      await this.ledger.answer(operation, sale, { kind: 'lost', failure: failure.message });
      return this.awaitOutcome(attempt, failure);
    }
    const isDeclined = failure.kind === 'declined';
    const { orderStatus } = await this.ledger.answer(
      operation,
      sale,
      isDeclined
        ? { kind: 'declined', status: failure.orderStatus ?? null }
        : { kind: 'refused', failure: failure.message },
    );
    const known = { appmaxOrderId: order.appmaxOrderId, status: orderStatus };
    if (!MAY_MEAN_PAID.has(failure.status ?? 0)) {
      if (isDeclined) throw paymentDeclined(known, failure);
      throw failureToApiError(failure, 'payment processing failed').with({ outcome: 'final' });
    }
    const seen = await this.observe(attempt);
    if (seen !== undefined && isPaid(seen.orderStatus))
      throw alreadyPaid({ ...known, status: seen.orderStatus });
    if (isDeclined) throw paymentDeclined({ ...known, status: seen?.orderStatus ?? orderStatus }, failure);
    if (meansAlreadyPaid(failure.text)) throw alreadyPaid(known);
    if (seen === undefined) throw outcomeUnknown(known, failure);
    // 409 means that another payment is pending: the earlier code. The client gets that one.
    const current = await this.orders.getById(order.id);
    const code = seen.operations.findLast(
      (each) => each.id < operation.id && isCode(each) && each.state === 'done',
    );
    const isPending = failure.status === 409 && handler.hasCode(current);
    if (isPending && code !== undefined && (await attempt.mayLearn(code.id))) return current;
    throw failureToApiError(failure, 'payment processing failed').with({ outcome: 'final' });
  }

  /**
   * Reads the order at Appmax while the client waits, after 1, 3 and 8 s, until the outcome of a payment whose answer
   * was lost is known.
   *
   * @throws ApiError 422 if it was declined, 502 if it was not made, 409 if the order was paid otherwise, and 502
   * `payment outcome unknown` if the outcome is still unknown after 8 s; then the settler continues.
   */
  private async awaitOutcome(attempt: Attempt, failure: AppmaxFailure): Promise<Order> {
    const { order, operation } = attempt;
    let waited = 0;
    let status = order.status;
    for (const after of attempt.isLearnable ? ASK_AFTER_SECONDS : []) {
      await sleep((after - waited) * 1000);
      waited = after;
      const seen = await this.observe(attempt);
      if (seen === undefined) continue;
      status = seen.orderStatus;
      const current = { ...order, status };
      const state = seen.operations.find(({ id }) => id === operation.id)?.state;
      if (state === 'done') return this.orders.getById(order.id);
      if (state === 'declined') throw paymentDeclined(current, failure);
      if (state === 'not_done') throw paymentNotMade(current);
      if (isPaid(status)) throw alreadyPaid(current);
    }
    throw outcomeUnknown({ appmaxOrderId: order.appmaxOrderId, status }, failure);
  }

  /** Reads the order at Appmax and judges the sale by it. @returns the sale; undefined if Appmax does not answer. */
  private async observe({ merchant, order, operation }: Attempt): Promise<Sale | undefined> {
    // After the last change of the order's row by this payment, which an earlier time would make look newer.
    const at = await this.operations.databaseNow();
    try {
      const state = await this.appmax.getOrder(merchant.credentials, order.appmaxOrderId, 'payment');
      return await this.ledger.observe(operation.sale, order.id, toReading(state, at), at);
    } catch (error) {
      if (error instanceof AppmaxFailure) return undefined;
      throw error;
    }
  }
}

function describe(error: unknown): string {
  if (error instanceof AppmaxFailure || error instanceof FenceError) return error.message;
  return error instanceof Error ? error.name : 'failed';
}
