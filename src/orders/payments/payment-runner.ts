import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppmaxClient } from '../../appmax/appmax.client';
import { AppmaxFailure } from '../../appmax/appmax-failure';
import { failureToApiError } from '../../appmax/failure-to-api-error';
import { ApiError } from '../../common/errors/api-error';
import type { Config } from '../../config/config';
import { CONFIG } from '../../config/config.module';
import type { Merchant } from '../../installations/installations.service';
import type { Order, PaymentMethod } from '../order.entity';
import { OrdersService, type PaymentResult } from '../orders.service';
import { REFUSED_STATUSES } from '../../appmax/order-status';
import { judge, OUTCOME_OF_FAILURE } from './attempt-outcome';
import { PaymentAttempts } from './payment-attempts';
import { outcomeUnknown, paymentDeclined } from './payment-errors';

/** When Appmax is asked what became of a payment while the client still waits, in seconds after its answer was lost. */
const ASK_AFTER_SECONDS = [1, 3, 8];

/** A payment to make, and how its answer is written to the order. */
export interface Payment<Answer> {
  readonly merchant: Merchant;
  readonly order: Order;
  readonly method: PaymentMethod;
  readonly installments?: number | undefined;
  /** Whether the order already has what the payment would make: a code that is still open. */
  readonly isMade: (order: Order) => boolean;
  /** Sends the payment, once. */
  readonly send: () => Promise<Answer>;
  readonly result: (answer: Answer) => Promise<Omit<PaymentResult, 'paymentMethod'>>;
}

type PaidOrder = Pick<Payment<unknown>, 'merchant' | 'order' | 'method'>;

/**
 * What a payment led to: Appmax's answer, undefined where it was lost and the order told, or where nothing had to be
 * sent; the order as it was when the payment began; and its status now.
 */
export interface Paid<Answer> {
  readonly answer: Answer | undefined;
  readonly order: Order;
  readonly status: string;
}

/**
 * Makes payments so that none is made twice: an attempt is noted before anything is sent, and settled by what Appmax
 * answers or, where the answer is lost, by what it says of the order. No transaction is open while Appmax is waited for.
 */
@Injectable()
export class PaymentRunner {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly appmax: AppmaxClient,
    private readonly attempts: PaymentAttempts,
    private readonly orders: OrdersService,
  ) {}

  /**
   * @throws ApiError 409 when the order is paid or being paid, 422 when the card is declined, 502 `payment outcome
   * unknown` when nobody knows yet, and what Appmax's other failures map to.
   */
  async pay<Answer>(payment: Payment<Answer>): Promise<Paid<Answer>> {
    const { id, order } = await this.attempts.begin(payment);
    if (id === undefined) return { answer: undefined, order, status: order.status };
    const begun = { ...payment, order };
    return this.attempts.heartbeat.during(id, async () => {
      const answer = await this.send(id, begun);
      if (answer === undefined) return { answer, order, status: await this.learn(id, begun) };
      return { answer, order, status: await this.succeed(id, begun, await payment.result(answer)) };
    });
  }

  /** @returns undefined when the answer was lost. */
  private async send<Answer>(attemptId: number, { send }: Payment<Answer>): Promise<Answer | undefined> {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof AppmaxFailure)) {
        await this.attempts.settle({ id: attemptId, outcome: 'unavailable' });
        throw error;
      }
      const outcome = OUTCOME_OF_FAILURE[error.kind];
      if (outcome === 'unknown') {
        await this.attempts.lose(attemptId, error.message);
        return undefined;
      }
      await this.attempts.settle({ id: attemptId, outcome, failure: error.message });
      throw failureToApiError(error, 'payment processing failed');
    }
  }

  /** The order's change and the attempt's end are one: whoever sees the attempt ended sees the order paid. */
  private succeed(
    attemptId: number,
    { order, method }: PaidOrder,
    result: Omit<PaymentResult, 'paymentMethod'>,
  ): Promise<string> {
    return this.dataSource.transaction(async (manager) => {
      const status = await this.orders.recordPayment(order, { ...result, paymentMethod: method }, manager);
      const outcome = REFUSED_STATUSES.has(result.status) ? 'declined' : 'succeeded';
      await this.attempts.settle({ id: attemptId, outcome, status: result.status }, manager);
      return status;
    });
  }

  /** Asks Appmax for the order while the client waits. A code that was lost is lost: only a card's outcome can be learned. */
  private async learn(attemptId: number, payment: PaidOrder): Promise<string> {
    const { order, method } = payment;
    let waited = 0;
    for (const after of method === 'credit_card' ? ASK_AFTER_SECONDS : []) {
      await sleep((after - waited) * 1000);
      waited = after;
      const status = await this.statusAtAppmax(payment);
      if (status === undefined) continue;
      const { paymentSettleSeconds: settleSeconds } = this.config;
      const verdict = judge({ status, statusBefore: order.status, lostSeconds: waited, settleSeconds });
      if (verdict === 'succeeded') return this.succeed(attemptId, payment, { status });
      if (verdict === 'wait') continue;
      await this.attempts.settle({ id: attemptId, outcome: verdict, status });
      throw verdict === 'declined' ? paymentDeclined() : new ApiError(502, 'payment processing failed');
    }
    throw outcomeUnknown(order);
  }

  private async statusAtAppmax({ merchant, order }: PaidOrder): Promise<string | undefined> {
    try {
      return (await this.appmax.getOrder(merchant.credentials, order.appmaxOrderId)).status;
    } catch (error) {
      if (error instanceof AppmaxFailure) return undefined;
      throw error;
    }
  }
}
