import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { currentRequestId } from '../../common/http/request-context';
import { isLeased, type Lease, LEASE_EXPIRY } from '../../common/leases/lease';
import { queryRows } from '../../database';
import { IdempotencyContext } from '../../idempotency';
import { provenAssignments, type ProvenRow } from '../order-rows';
import { KIND_LISTS } from './kind-lists';
import { OPERATION_COLUMNS, type OperationRow } from './operation-row';
import type { OperationKind, OrderReading } from './state/operation';
import {
  CHANGE_STATE,
  changeParameters,
  LOCKED_SALE,
  LOCKED_SESSION,
  NO_OTHER_CHARGE,
  type OperationResult,
  type StateChange,
} from './state-change';

/** An operation to insert. Amounts are in cents. */
export interface NewOperation {
  readonly kind: OperationKind;
  readonly installationId: number;
  readonly orderId?: number;
  /** The unit that may be charged at most once; undefined for an order that is not created yet. */
  readonly sale?: string;
  /** The id of the sale's newest operation that the caller has seen. If there is a newer one, nothing is written. */
  readonly newestSeen?: number;
  readonly amountCents?: number;
  readonly installments?: number | undefined;
  readonly refundType?: 'total' | 'partial';
  readonly callLimitSeconds: number;
  readonly baseline?: OrderReading | null;
  readonly digest?: string;
  /** The keyed digest of the shopper's document. */
  readonly payerDigest?: string | undefined;
}

/** An operation whose check by the settler is due. */
export interface DueOperation {
  readonly id: number;
  readonly kind: OperationKind;
  readonly order_id: number | null;
  readonly sale: string | null;
  readonly installation_id: number;
}

const DUE_BATCH = 20;

/** The table `operations`. Each statement is a separate short transaction. */
@Injectable()
export class OperationsRepository {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly idempotency: IdempotencyContext,
  ) {}

  /** Returns the operations of a sale, oldest first. @param lock true to lock them until the end of the transaction. */
  async ofSale(
    sale: string,
    { manager = this.dataSource.manager, lock = false }: { manager?: EntityManager; lock?: boolean } = {},
  ): Promise<OperationRow[]> {
    return queryRows<OperationRow>(
      manager,
      `SELECT ${OPERATION_COLUMNS} FROM operations WHERE sale = $1 ORDER BY id ${lock ? 'FOR UPDATE' : ''}`,
      [sale],
    );
  }

  /** Returns the operations of the current request's idempotency key, oldest first; none for a first attempt. */
  async ofCurrentKey(): Promise<OperationRow[]> {
    const key = this.idempotency.current();
    if (key?.isRepeat !== true) return [];
    return queryRows<OperationRow>(
      this.dataSource,
      `SELECT ${OPERATION_COLUMNS} FROM operations WHERE idempotency_key_id = $1 ORDER BY id`,
      [key.id],
    );
  }

  /**
   * Inserts an operation, with the idempotency key of the current request.
   *
   * @returns its lease; undefined if another operation of the sale is open, the sale has a newer operation, its order
   * was replaced by another one of its checkout session, or the request has lost the lease of its key.
   */
  async prepare(
    operation: NewOperation,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<Lease | undefined> {
    const key = this.idempotency.current();
    const token = randomUUID();
    const [row] = await queryRows<{ id: number }>(
      manager,
      `INSERT INTO operations (kind, installation_id, order_id, sale, amount_cents, installments, refund_type,
         idempotency_key_id, request_digest, request_id, lease_token, lease_expires_at, next_check_at,
         call_limit_seconds, baseline, payer_digest)
       SELECT $1::operation_kind, $2::bigint, $3::bigint, $4::varchar, $5::integer, $6::integer, $7::varchar, $8::bigint,
         $9::char(64), $10::varchar, $11::uuid, ${LEASE_EXPIRY}, ${LEASE_EXPIRY}, $12::integer, $13::jsonb, $16::char(64)
       WHERE ($8 IS NULL OR EXISTS (
           SELECT FROM idempotency_keys k WHERE id = $8 AND lease_token = $14::uuid AND ${isLeased('k')}))
         AND ($15::bigint IS NULL OR NOT EXISTS (
           SELECT FROM operations WHERE sale = $4 AND id > $15 AND kind IN (${KIND_LISTS.payments})))
         AND ($1 NOT IN (${KIND_LISTS.methods}) OR NOT EXISTS (
           SELECT FROM session_orders WHERE order_id = $3 AND NOT is_live))
       ON CONFLICT DO NOTHING RETURNING id`,
      [
        operation.kind,
        operation.installationId,
        operation.orderId ?? null,
        operation.sale ?? null,
        operation.amountCents ?? null,
        operation.installments ?? null,
        operation.refundType ?? null,
        key?.id ?? null,
        operation.digest ?? key?.digest ?? null,
        currentRequestId() ?? null,
        token,
        operation.callLimitSeconds,
        operation.baseline ?? null,
        key?.leaseToken ?? null,
        operation.newestSeen ?? null,
        operation.payerDigest ?? null,
      ],
    );
    if (row === undefined) return undefined;
    this.idempotency.markUsed();
    return { id: row.id, token };
  }

  /**
   * The fence: marks an operation as sent if its lease is held, its sale has no successful charge, and its order is
   * unpaid in our database and, if it belongs to a checkout session, takes payments.
   *
   * @param payable the statuses in which an order accepts a payment.
   * @returns the time of sending, by the database's clock; undefined if the operation must not be sent.
   */
  async fence({ id, token }: Lease, payable: readonly string[]): Promise<Date | undefined> {
    const [row] = await queryRows<{ sent_at: Date }>(
      this.dataSource,
      `WITH ${LOCKED_SALE}, ${LOCKED_SESSION}, fenced AS (
         UPDATE operations p SET state = 'sent', sent_at = clock_timestamp(), lease_expires_at = ${LEASE_EXPIRY}, next_check_at = ${LEASE_EXPIRY}
         WHERE id = $1 AND lease_token = $2 AND state = 'prepared' AND ${isLeased('p')}
           AND (kind IN ('order', 'refund') OR NOT EXISTS (
             SELECT FROM locked WHERE kind IN (${KIND_LISTS.charges}) AND state = 'done' AND superseded_at IS NULL))
           AND (kind NOT IN (${KIND_LISTS.methods}) OR EXISTS (
             SELECT FROM orders o WHERE o.id = p.order_id AND o.status = ANY($3)))
           AND (kind NOT IN (${KIND_LISTS.methods}) OR NOT EXISTS (SELECT FROM session WHERE NOT takes_payments))
         RETURNING kind, order_id, sent_at),
       tried AS (
         UPDATE orders o SET payment_method = fenced.kind::text FROM fenced
         WHERE o.id = fenced.order_id AND fenced.kind IN (${KIND_LISTS.methods})
           AND o.payment_method IS DISTINCT FROM fenced.kind::text)
       SELECT sent_at FROM fenced`,
      [id, token, payable],
    );
    return row?.sent_at;
  }

  /** Changes `sent` back to `prepared`, if it is proven that nothing was executed. @returns true if it was `sent`. */
  async withdraw({ id, token }: Lease): Promise<boolean> {
    const rows = await queryRows<{ id: number }>(
      this.dataSource,
      "UPDATE operations SET state = 'prepared' WHERE id = $1 AND lease_token = $2 AND state = 'sent' RETURNING id",
      [id, token],
    );
    return rows.length === 1;
  }

  /**
   * Changes the state of an operation, if it still has the state that the decision was based on.
   *
   * @returns true if it was changed.
   */
  async update(
    change: StateChange,
    result: OperationResult = {},
    manager: EntityManager = this.dataSource.manager,
  ): Promise<boolean> {
    const rows = await queryRows<{ id: number }>(manager, CHANGE_STATE, changeParameters(change, result));
    return rows.length === 1;
  }

  /**
   * Changes the state like {@link update}, and writes the proven status to the order, in one statement.
   *
   * @returns the order's new status; undefined if the operation had another state and nothing was written.
   */
  async updateWithOrder(
    change: StateChange,
    result: OperationResult,
    proven: ProvenRow,
  ): Promise<string | undefined> {
    const parameters = changeParameters(change, result);
    const row = provenAssignments(proven, parameters.length + 2);
    const [written] = await queryRows<{ status: string }>(
      this.dataSource,
      `WITH ${LOCKED_SALE}, changed AS (${CHANGE_STATE.replace('RETURNING id', `${NO_OTHER_CHARGE} RETURNING id`)}),
         proven AS (UPDATE orders SET ${row.sql}
           WHERE id = $${parameters.length + 1} AND EXISTS (SELECT FROM changed) RETURNING status)
       SELECT status FROM proven`,
      [...parameters, proven.orderId, ...row.parameters],
    );
    return written?.status;
  }

  /** Flags an operation's sale as paid twice. @returns true if it was not flagged before. */
  async flagPaidTwice(id: number, manager: EntityManager = this.dataSource.manager): Promise<boolean> {
    const rows = await queryRows<{ id: number }>(
      manager,
      'UPDATE operations SET paid_twice_at = clock_timestamp() WHERE id = $1 AND paid_twice_at IS NULL RETURNING id',
      [id],
    );
    return rows.length === 1;
  }

  /**
   * Takes operations whose check is due, each for one instance, and schedules their next check: after 1, 2, 4 … 20 s,
   * immediately after the call's time limit and after the settle time, and every hour once an hour has passed.
   */
  async takeDue(settleSeconds: number): Promise<DueOperation[]> {
    return await queryRows<DueOperation>(
      this.dataSource,
      `UPDATE operations p SET checks = checks + 1, next_check_at = CASE
             WHEN kind = 'upsell' AND state = 'unknown' THEN NULL
             WHEN sent_at < clock_timestamp() - interval '1 hour' THEN clock_timestamp() + interval '1 hour' * (0.75 + random() / 4)
             ELSE LEAST(
               clock_timestamp() + make_interval(secs => LEAST(20, power(2, LEAST(checks, 10))) * (0.75 + random() / 4)),
               CASE WHEN sent_at + make_interval(secs => call_limit_seconds + $1 + 0.5) > clock_timestamp()
                 THEN sent_at + make_interval(secs => call_limit_seconds + $1 + 0.5) END,
               CASE WHEN kind IN (${KIND_LISTS.codes}, 'order') AND sent_at + make_interval(secs => call_limit_seconds + 0.5) > clock_timestamp()
                 THEN sent_at + make_interval(secs => call_limit_seconds + 0.5) END)
           END
         WHERE id IN (SELECT id FROM operations
           WHERE state IN ('prepared', 'sent', 'unknown') AND next_check_at <= clock_timestamp()
           ORDER BY next_check_at LIMIT ${DUE_BATCH} FOR UPDATE SKIP LOCKED)
         RETURNING id, kind, order_id, sale, installation_id`,
      [settleSeconds],
    );
  }

  /** Returns the time of the database's clock. */
  async databaseNow(): Promise<Date> {
    const [row] = await queryRows<{ at: Date }>(this.dataSource, 'SELECT clock_timestamp()::timestamp AS at');
    return row?.at ?? new Date();
  }
}
