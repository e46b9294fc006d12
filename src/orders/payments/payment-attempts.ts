import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { Heartbeat, LEASE_SECONDS } from '../../common/heartbeat';
import { currentRequestId } from '../../common/http/request-context';
import { Order, type PaymentMethod } from '../order.entity';
import { isPaid } from '../status-rules';
import type { AttemptOutcome } from './attempt-outcome';
import { alreadyPaid, inProgress } from './payment-errors';
import { PaymentMetrics } from './payment-metrics';

/** How soon a lost attempt is looked at by the background while its client still waits and asks for itself. */
const CLIENT_WAITS_SECONDS = 12;
const LONGEST_CHECK_SECONDS = 20;
const CLAIM_BATCH = 20;

/** A payment that is about to be sent. */
export interface NewAttempt {
  readonly order: Order;
  readonly method: PaymentMethod;
  readonly installments?: number | undefined;
  /** Whether the order already has what the payment would make: a code that is still open. */
  readonly isMade: (order: Order) => boolean;
}

/** An attempt that was noted, and the order as it is now; no id where there is nothing to make. */
export interface BegunAttempt {
  readonly id: number | undefined;
  readonly order: Order;
}

/** A payment of which it is not known what became of it. */
export interface OpenAttempt {
  readonly id: number;
  readonly orderId: number;
  readonly installationId: number;
  readonly appmaxOrderId: number;
  readonly method: PaymentMethod;
  /** The order's status when the payment was sent. */
  readonly statusBefore: string;
  /** Seconds since its answer was lost. */
  readonly lostSeconds: number;
}

/** An attempt as it ended, or as it stands. */
export interface AttemptState {
  readonly state: AttemptOutcome | 'started' | 'unknown';
}

interface MethodRow {
  readonly method: PaymentMethod;
}

interface DueRow {
  readonly id: number;
  readonly order_id: number;
  readonly installation_id: number;
  readonly appmax_order_id: number;
  readonly method: PaymentMethod;
  readonly status_before: string;
  readonly lost_seconds: number;
}

/** What was about to be sent to Appmax, and what became of it: written before a payment, so that a crash leaves a trace. */
@Injectable()
export class PaymentAttempts implements OnApplicationBootstrap, OnModuleDestroy {
  readonly heartbeat = new Heartbeat('PaymentAttempts', (ids) => this.renew(ids));

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly metrics: PaymentMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.heartbeat.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.heartbeat.stop();
  }

  /**
   * Notes that a payment is about to be sent. The unique index lets one caller through, of any number on any number of
   * instances.
   *
   * @throws ApiError 409 when another payment of the order is under way, or has succeeded meanwhile.
   */
  begin({ order: { id: orderId }, method, installments, isMade }: NewAttempt): Promise<BegunAttempt> {
    return this.dataSource.transaction(async (manager) => {
      const [attempt] = await manager.query<{ id: number }[]>(
        `INSERT INTO payment_attempts (order_id, method, amount_cents, installments, status_before, request_id, next_check_at)
         SELECT id, $2, total_cents, $3, status, $4, now() + make_interval(secs => ${LEASE_SECONDS}) FROM orders WHERE id = $1
         ON CONFLICT (order_id) WHERE settled_at IS NULL DO NOTHING RETURNING id`,
        [orderId, method, installments ?? null, currentRequestId() ?? null],
      );
      // Read after the insert: an attempt that ended before it has committed its order's change with its own end.
      const order = await manager.findOneByOrFail(Order, { id: orderId });
      if (isPaid(order.status)) throw alreadyPaid(order);
      if (isMade(order)) {
        if (attempt !== undefined)
          await manager.query('DELETE FROM payment_attempts WHERE id = $1', [attempt.id]);
        return { id: undefined, order };
      }
      if (attempt === undefined) throw inProgress(order);
      await manager.update(Order, { id: orderId }, { paymentMethod: method });
      return { id: attempt.id, order };
    });
  }

  /** Notes how a payment ended, once: a second word on it changes nothing. @param manager the transaction of the order's own change. */
  async settle(
    {
      id,
      outcome,
      status,
      failure,
    }: { id: number; outcome: AttemptOutcome; status?: string | undefined; failure?: string },
    manager: EntityManager = this.dataSource.manager,
  ): Promise<void> {
    const [[settled]] = await manager.query<[MethodRow[], number]>(
      `UPDATE payment_attempts SET state = $2, appmax_status = COALESCE($3, appmax_status), failure = $4, settled_at = now()
       WHERE id = $1 AND settled_at IS NULL RETURNING method`,
      [id, outcome, status ?? null, failure ?? null],
    );
    if (settled !== undefined) this.metrics.settled.inc({ method: settled.method, outcome });
  }

  /** Notes that nobody knows what became of a payment. */
  async lose(id: number, failure: string): Promise<void> {
    const [[lost]] = await this.dataSource.query<[MethodRow[], number]>(
      `UPDATE payment_attempts SET state = 'unknown', failure = $2, lost_at = now(),
         next_check_at = now() + make_interval(secs => ${CLIENT_WAITS_SECONDS})
       WHERE id = $1 AND settled_at IS NULL RETURNING method`,
      [id, failure],
    );
    if (lost !== undefined) this.metrics.lost.inc({ method: lost.method });
  }

  /** The last attempt to pay an order, if there was one. */
  async latest(orderId: number): Promise<AttemptState | undefined> {
    const [row] = await this.dataSource.query<AttemptState[]>(
      'SELECT state FROM payment_attempts WHERE order_id = $1 ORDER BY id DESC LIMIT 1',
      [orderId],
    );
    return row;
  }

  /**
   * Takes attempts that are due to be looked at: those that were lost, and those whose process has died. Each goes to
   * one instance, and comes back later by itself if that one dies, too.
   */
  async claimDue(): Promise<OpenAttempt[]> {
    const rows = await this.dataSource.query<[DueRow[], number]>(
      `UPDATE payment_attempts a
       SET state = 'unknown', lost_at = COALESCE(a.lost_at, now()), checks = a.checks + 1,
           next_check_at = now() + make_interval(secs => LEAST(${LONGEST_CHECK_SECONDS}, power(2, LEAST(a.checks, 10))
             * (CASE WHEN a.started_at < now() - interval '1 hour' THEN 100 ELSE 1 END)) * (0.75 + random() / 4))
       FROM orders o
       WHERE o.id = a.order_id AND a.id IN
         (SELECT id FROM payment_attempts WHERE settled_at IS NULL AND next_check_at <= now()
          ORDER BY next_check_at LIMIT ${CLAIM_BATCH} FOR UPDATE SKIP LOCKED)
       RETURNING a.id, a.order_id, o.installation_id, o.appmax_order_id, a.method, a.status_before,
         extract(epoch FROM now() AT TIME ZONE 'UTC' - a.lost_at)::float8 AS lost_seconds`,
    );
    return rows[0].map((row) => ({
      id: row.id,
      orderId: row.order_id,
      installationId: row.installation_id,
      appmaxOrderId: row.appmax_order_id,
      method: row.method,
      statusBefore: row.status_before,
      lostSeconds: row.lost_seconds,
    }));
  }

  private async renew(ids: readonly number[]): Promise<void> {
    await this.dataSource.query(
      `UPDATE payment_attempts SET next_check_at = now() + make_interval(secs => ${LEASE_SECONDS})
       WHERE id = ANY($1) AND state = 'started'`,
      [ids],
    );
  }
}
