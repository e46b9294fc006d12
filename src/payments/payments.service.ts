import { Injectable, Logger } from '@nestjs/common';
import { AppmaxClient, AppmaxFailure, failureToApiError, type PaymentMethod } from '../appmax';
import { ApiError } from '../common/errors/api-error';
import { IdempotencyContext } from '../idempotency';
import type { Merchant } from '../installations';
import { isPaid, type Order, orderNotFound, OrdersService } from '../orders';
import {
  alreadyPaid,
  inProgress,
  orderClosed,
  outcomeUnknown,
  paymentDeclined,
  paymentNotMade,
} from './errors';
import type { Guard } from './limits/card-declines';
import { OrderPaymentLimit } from './limits/order-payment-limit';
import { PaymentMethods } from './methods/payment-methods';
import { Ledger, saleOf } from './operations/ledger';
import { toReading } from './operations/order-reading';
import { OperationsRepository } from './operations/rows/operations.repository';
import { type Decision, decisionOf, type SaleDecision } from './operations/state/effect';
import type { Operation, OrderReading, Sale } from './operations/state/operation';
import { isCode, isPayment, RULES } from './operations/state/rules';
import { transition } from './operations/state/transition';
import { OrderRows, type OrderWithOperations } from './order-rows';
import type { PaymentOf } from './payment';
import { PaymentSender } from './payment-sender';
import { ShopperProof } from './shopper-proof';

/** The maximum number of decisions about one request; another one is needed if its sale has changed meanwhile. */
const MAXIMUM_ROUNDS = 5;

/**
 * Makes payments so that no sale is charged twice. The rules in `operations/` decide each step, and each step is saved
 * before it happens. No transaction is open during a call to Appmax.
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
    private readonly orderRows: OrderRows,
    private readonly idempotency: IdempotencyContext,
    private readonly methods: PaymentMethods,
    private readonly shopperProof: ShopperProof,
    private readonly limit: OrderPaymentLimit,
  ) {}

  /** Finds a merchant's order, with what {@link pay} needs to know about it, in one statement. */
  find(merchant: Merchant, appmaxOrderId: number): Promise<OrderWithOperations | undefined> {
    return this.orderRows.find({ installationId: merchant.installationId, appmaxOrderId });
  }

  /**
   * Pays an order, or returns the outcome of an earlier attempt of the same request.
   *
   * @returns the order afterwards; its row has the data for the shopper, such as the Pix code.
   * @throws ApiError 404 instead of a 409 or another caller's code, if the caller has not proven to be the shopper; 409
   * if the order is paid or being paid, 422 if the card is declined, 502 `payment outcome unknown`
   * if the outcome is not known yet; the errors of Appmax's other failures.
   */
  async pay<Method extends PaymentMethod>(payment: PaymentOf<Method>): Promise<Order> {
    const { order, isShopper, limitedAs = order.appmaxOrderId, guard = (send) => send() } = payment;
    const limited: Guard = (send) => guard(() => this.limit.during({ orderId: limitedAs, isShopper }, send));
    try {
      return await this.decideAndSend({ ...payment, guard: limited });
    } catch (error) {
      // A 409 tells the state of the order.
      const isConflict = error instanceof ApiError && error.getStatus() === 409;
      if (isConflict && !(await this.mayLearn(payment))) throw orderNotFound();
      throw error;
    }
  }

  /**
   * Returns the order that an earlier attempt of this request has paid or tried to pay; undefined for a first attempt, and
   * if a payment may be made again.
   */
  async orderOfRequest(): Promise<number | undefined> {
    const rows = await this.operations.ofCurrentKey();
    const order = { status: '', totalCents: 0 };
    const own = this.ledger.view(rows, order).operations.filter(isPayment).at(-1);
    if (own === undefined || RULES.mayBeMadeAgain(own)) return undefined;
    return rows.find(({ id }) => id === own.id)?.order_id ?? undefined;
  }

  private async decideAndSend<Method extends PaymentMethod>(payment: PaymentOf<Method>): Promise<Order> {
    let { order, operations } = payment;
    for (let round = 1; round <= MAXIMUM_ROUNDS; round += 1) {
      if (round > 1) [order, operations] = [await this.orders.getById(order.id), undefined];
      const { decision, sale } = await this.decide({ ...payment, order, operations });
      if (decision.kind !== 'prepare') return this.conclude(payment, { order, sale, decision });
      const paid = await this.sender.send({ ...payment, order }, { sale, baseline: decision.baseline });
      if (paid !== undefined) return paid;
    }
    throw inProgress(order);
  }

  /** Decides about a request: by the saved rows if they are enough, else by a reading of the order at Appmax. */
  private async decide<Method extends PaymentMethod>(payment: PaymentOf<Method>): Promise<SaleDecision> {
    const { merchant, order, method } = payment;
    const keyId = this.idempotency.current()?.id ?? null;
    const asked = { type: 'asked', kind: method, keyId, reading: null } as const;
    const rows = payment.operations ?? (await this.operations.ofSale(saleOf(order.id)));
    const { effects, sale: seen } = transition(this.ledger.view(rows, order), asked);
    const first = decisionOf(effects);
    const at = databaseClock(rows[0]?.database_now)();
    const seenCode = first.kind === 'read' ? openCode(seen, method) : undefined;
    // Before the order is read: a caller without proof costs no call to Appmax.
    if (seenCode !== undefined) await this.refuseStranger(payment, seenCode);
    const needsReading = first.kind === 'read' || first.kind === 'judge';
    const reading = needsReading ? await this.read({ merchant, order, method }, seen, at) : undefined;
    const isSaved = reading === undefined && effects.length === 1;
    const { decision, sale } = isSaved
      ? { decision: first, sale: seen }
      : await this.ledger.decide(order.id, { ...asked, reading: reading ?? null }, reading && at);
    const open = decision.kind === 'read' ? openCode(sale, method) : undefined;
    return { decision: open === undefined ? decision : { kind: 'answer', id: open.id }, sale };
  }

  /**
   * Reads the order at Appmax.
   *
   * @returns undefined if Appmax does not answer but the request can go on: an open code is returned anyway.
   * @throws ApiError for Appmax's failure otherwise; nothing was sent.
   */
  private async read(
    { merchant, order, method }: { merchant: Merchant; order: Order; method: PaymentMethod },
    sale: Sale,
    at: Date,
  ): Promise<OrderReading | undefined> {
    try {
      return toReading(await this.appmax.getOrder(merchant.credentials, order.appmaxOrderId, 'payment'), at);
    } catch (error) {
      if (!(error instanceof AppmaxFailure)) throw error;
      const isOwnUnknown = sale.operations.some(
        ({ keyId, state }) => state === 'unknown' && keyId === this.idempotency.current()?.id,
      );
      if (isOwnUnknown || openCode(sale, method) !== undefined) return undefined;
      throw failureToApiError(error, 'payment processing failed');
    }
  }

  /** Answers a request without sending anything. */
  private async conclude<Method extends PaymentMethod>(
    payment: PaymentOf<Method>,
    { order, sale, decision }: { order: Order; sale: Sale; decision: Decision },
  ): Promise<Order> {
    const known = { appmaxOrderId: order.appmaxOrderId, status: sale.orderStatus };
    switch (decision.kind) {
      case 'answer':
        return this.answerAgain(payment, sale, decision.id);
      case 'judge':
        // Even the order's reading did not settle the request's own payment, or Appmax could not be read.
        throw isPaid(sale.orderStatus) ? alreadyPaid(known) : outcomeUnknown(known);
      case 'not_payable': {
        const current = { ...known, status: decision.status };
        throw isPaid(decision.status) || RULES.isPaidFor(sale) ? alreadyPaid(current) : inProgress(current);
      }
      case 'closed':
        throw orderClosed(known, decision.closure);
      case 'in_progress':
      case 'read':
      case 'prepare':
        this.logger.debug(
          { orderId: order.appmaxOrderId, method: payment.method },
          'Another payment of the order is in progress',
        );
        throw inProgress(known);
    }
  }

  /** Returns or throws the outcome of an earlier operation, with the order's current row. */
  private async answerAgain<Method extends PaymentMethod>(
    payment: PaymentOf<Method>,
    sale: Sale,
    id: number,
  ): Promise<Order> {
    const operation = sale.operations.find((candidate) => candidate.id === id);
    if (operation !== undefined) await this.refuseStranger(payment, operation);
    const current = await this.orders.getById(payment.order.id);
    if (operation?.keyId === this.idempotency.current()?.id) this.idempotency.markReplayed();
    switch (operation?.state) {
      case 'done':
        return current;
      case 'declined':
        throw paymentDeclined(current);
      default:
        throw paymentNotMade(current);
    }
  }

  /** @throws ApiError 404 if the operation is not the request's own, and the caller has not proven to be the shopper. */
  private async refuseStranger<Method extends PaymentMethod>(
    payment: PaymentOf<Method>,
    { id, keyId }: Operation,
  ): Promise<void> {
    const isOwn = keyId !== null && keyId === this.idempotency.current()?.id;
    if (!isOwn && !(await this.mayLearn(payment, id))) throw orderNotFound();
  }

  private mayLearn<Method extends PaymentMethod>(
    payment: PaymentOf<Method>,
    about?: number,
  ): Promise<boolean> {
    const document = this.methods.of(payment.method).payerDocument(payment.request);
    return this.shopperProof.isGiven({ ...payment, document }, about);
  }
}

/** Continues the database's clock with this process's monotonic clock. */
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
