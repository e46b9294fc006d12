import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  AppmaxClient,
  type AppmaxCustomer,
  AppmaxFailure,
  type AppmaxOrder,
  failureToApiError,
  orApiError,
} from '../appmax';
import { databaseUnavailable } from '../common/errors/database-unavailable';
import { CONFIG, type Config } from '../config';
import { IdempotencyContext } from '../idempotency';
import type { Merchant } from '../installations';
import { OrdersService, orderTotal, StorefrontBudget } from '../orders';
import { takenOver } from './errors';
import { Ledger, type SaleOperation } from './operations/ledger';
import { FenceError } from './operations/operation-fence';
import type { OperationRow } from './operations/rows/operation-row';
import { OperationsRepository } from './operations/rows/operations.repository';
import { isPayment } from './operations/state/rules';
import { OrderRows, type OrderWithOperations } from './order-rows';
import { ShopperProof } from './shopper-proof';

/** An order to create, and its customer. Amounts in cents. */
export interface OrderToMake {
  readonly merchant: Merchant;
  readonly customer: AppmaxCustomer;
  readonly order: Omit<AppmaxOrder, 'customer_id'>;
  /** Returns true if a repeat of the request may use the order that an earlier attempt created. Default: always. */
  readonly isReusable?: (orderId: number) => Promise<boolean>;
}

/** An order, with the operations of its sale if they were read with it. */
export type FoundOrder = Pick<OrderWithOperations, 'order'> & Partial<OrderWithOperations>;

/** The calls of one creation: a customer and an order. */
const CALLS = 2;

/** Creates customers and orders at Appmax, and saves the orders. */
@Injectable()
export class OrderCreation {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly appmax: AppmaxClient,
    private readonly ledger: Ledger,
    private readonly operations: OperationsRepository,
    private readonly orderRows: OrderRows,
    private readonly orders: OrdersService,
    private readonly idempotency: IdempotencyContext,
    private readonly shopperProof: ShopperProof,
    private readonly budget: StorefrontBudget,
  ) {}

  /**
   * Creates a customer and an order, and saves the order. A repeat of a request gets the order of the first request.
   *
   * @throws ApiError for Appmax's failures; 409 if a repeat of the same request has taken over; 503 if the lease of the
   * operation was lost before anything was sent.
   */
  async create({ merchant, customer, order, isReusable }: OrderToMake): Promise<FoundOrder> {
    const orderId = orderOf(await this.operations.ofCurrentKey());
    if (orderId !== undefined && (isReusable === undefined || (await isReusable(orderId)))) {
      this.idempotency.markReplayed();
      return { order: await this.orders.getById(orderId) };
    }
    const customerId = await orApiError(
      this.budget.spend(merchant, CALLS, () => this.appmax.createCustomer(merchant.credentials, customer)),
      'order creation failed',
    );
    const totalCents = orderTotal(order);
    const sale = `request:${randomUUID()}`;
    const lease = await this.operations.prepare({
      kind: 'order',
      installationId: merchant.installationId,
      sale,
      amountCents: totalCents,
      callLimitSeconds: this.config.appmax.timeoutSeconds,
      payerDigest: this.shopperProof.digestOf(merchant, customer.document_number),
    });
    if (lease === undefined) throw takenOver();
    const fence = this.ledger.fence(lease);
    return this.ledger.during(lease, async () => {
      try {
        const made = await this.appmax.createOrder(
          merchant.credentials,
          { ...order, customer_id: customerId },
          fence,
        );
        return await this.orderRows.saveMade(
          { id: lease.id, keyToken: this.idempotency.current()?.leaseToken },
          {
            installationId: merchant.installationId,
            appmaxCustomerId: customerId,
            appmaxOrderId: made.id,
            totalCents,
          },
        );
      } catch (error) {
        await this.saveFailure({ id: lease.id, sale, orderId: null }, error);
        // The process was paused past its lease: nothing was sent, and the same request may be repeated.
        if (error instanceof FenceError) throw databaseUnavailable();
        throw error instanceof AppmaxFailure ? failureToApiError(error, 'order creation failed') : error;
      }
    });
  }

  /** Saves the failure of an operation. If the outcome is unknown, a repeat may create another order: it is unpaid. */
  private async saveFailure(operation: SaleOperation, error: unknown): Promise<void> {
    if (error instanceof AppmaxFailure && error.kind !== 'unknown') {
      const failure = error.message;
      await this.ledger.change(operation.sale, null, {
        type: 'answered',
        id: operation.id,
        answer: { kind: 'refused', failure },
      });
    }
    await this.ledger.fail(operation, error instanceof Error ? error.message.slice(0, 200) : 'failed');
  }
}

/** Finds the order that earlier attempts of a request created: the one with a payment, else the newest. */
function orderOf(operations: readonly OperationRow[]): number | undefined {
  const made = operations.filter(({ kind, state }) => kind === 'order' && state === 'done');
  const paid = operations.findLast((operation) => isPayment(operation) && operation.state !== 'not_sent');
  return paid?.order_id ?? made.at(-1)?.order_id ?? undefined;
}
