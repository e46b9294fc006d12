import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { currentRequestId } from '../../common/http/request-context';
import { isLeased, LEASE_EXPIRY, type Lease } from '../../common/leases/lease';
import { queryRows } from '../../database';
import { IdempotencyContext } from '../../idempotency';
import { provenAssignments, type ProvenRow } from '../order-rows';
import type { OperationKind, OrderReading } from './state/operation';
import { OPERATION_COLUMNS, type OperationRow } from './operation-row';
import {
  CHANGE_STATE,
  changeParameters,
  NO_OTHER_CHARGE,
  type OperationResult,
  type StateChange,
} from './state-change';

/** An operation that is about to be written down. Amounts in cents. */
export interface NewOperation {
  readonly kind: OperationKind;
  readonly installationId: number;
  readonly orderId?: number;
  /** What may be charged at most once; an order that is not made yet has none. */
  readonly sale?: string;
  /** The newest operation of the sale that the caller has seen: if there is a newer one, nothing is written. */
  readonly newestSeen?: number;
  readonly amountCents?: number;
  readonly installments?: number | undefined;
  readonly refundType?: 'total' | 'partial';
  readonly callLimitSeconds: number;
  readonly baseline?: OrderReading | null;
  readonly digest?: string;
}

/** An operation that is due to be looked at. */
export interface DueOperation {
  readonly id: number;
  readonly kind: OperationKind;
  readonly order_id: number | null;
  readonly sale: string | null;
  readonly installation_id: number;
}

const DUE_BATCH = 20;

/** The table of operations; each statement is a transaction of its own, and short. */
@Injectable()
export class OperationsRepository {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly idempotency: IdempotencyContext,
  ) {}

  /** The operations of a sale, oldest first. @param lock keeps them until the end of the manager's transaction. */
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

  /** Returns the operations of the current request's key, oldest first; none for a first try. */
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
   * Writes an operation down, under the key of the present request.
   *
   * @returns undefined when another operation keeps it back, the sale has changed since it was read, or the request has
   * lost its key to a repeat.
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
         call_limit_seconds, baseline)
       SELECT $1::operation_kind, $2::bigint, $3::bigint, $4::varchar, $5::integer, $6::integer, $7::varchar, $8::bigint,
         $9::char(64), $10::varchar, $11::uuid, ${LEASE_EXPIRY}, ${LEASE_EXPIRY}, $12::integer, $13::jsonb
       WHERE ($8 IS NULL OR EXISTS (
           SELECT FROM idempotency_keys k WHERE id = $8 AND lease_token = $14::uuid AND ${isLeased('k')}))
         AND ($15::bigint IS NULL OR NOT EXISTS (
           SELECT FROM operations WHERE sale = $4 AND id > $15 AND kind IN ('credit_card', 'pix', 'boleto', 'upsell')))
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
      ],
    );
    if (row === undefined) return undefined;
    this.idempotency.markUsed();
    return { id: row.id, token };
  }

  /**
   * The fence: marks an operation as sent, if its lease is held, its sale has no charge that stands, and its order's row
   * says unpaid. Whoever gets no row sends nothing.
   *
   * @param payable the statuses in which an order takes a payment.
   * @returns when it was sent, by the database's clock.
   */
  async fence({ id, token }: Lease, payable: readonly string[]): Promise<Date | undefined> {
    const [row] = await queryRows<{ sent_at: Date }>(
      this.dataSource,
      `WITH fenced AS (
         UPDATE operations p SET state = 'sent', sent_at = clock_timestamp(), lease_expires_at = ${LEASE_EXPIRY}, next_check_at = ${LEASE_EXPIRY}
         WHERE id = $1 AND lease_token = $2 AND state = 'prepared' AND ${isLeased('p')}
           AND (kind IN ('order', 'refund') OR NOT EXISTS (
             SELECT FROM operations done WHERE done.sale = p.sale AND done.kind IN ('credit_card', 'upsell')
               AND done.state = 'done' AND done.superseded_at IS NULL))
           AND (kind NOT IN ('credit_card', 'pix', 'boleto') OR EXISTS (
             SELECT FROM orders o WHERE o.id = p.order_id AND o.status = ANY($3)))
         RETURNING kind, order_id, sent_at),
       tried AS (
         UPDATE orders o SET payment_method = fenced.kind::text FROM fenced
         WHERE o.id = fenced.order_id AND fenced.kind IN ('credit_card', 'pix', 'boleto')
           AND o.payment_method IS DISTINCT FROM fenced.kind::text)
       SELECT sent_at FROM fenced`,
      [id, token, payable],
    );
    return row?.sent_at;
  }

  /** Takes the fence's mark back, where it is proven that nothing was carried out. @returns whether it was there. */
  async withdraw({ id, token }: Lease): Promise<boolean> {
    const rows = await queryRows<{ id: number }>(
      this.dataSource,
      "UPDATE operations SET state = 'prepared' WHERE id = $1 AND lease_token = $2 AND state = 'sent' RETURNING id",
      [id, token],
    );
    return rows.length === 1;
  }

  /**
   * Writes a change of state, if the operation is still in the state that the change was decided on.
   *
   * @returns whether it was.
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
   * The same together with what the operation proves of its order, in one statement.
   *
   * @returns the order's status afterwards, undefined when the operation was in another state: nothing is written then.
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
      `WITH changed AS (${CHANGE_STATE.replace('RETURNING id', `${NO_OTHER_CHARGE} RETURNING id`)}),
         proven AS (UPDATE orders SET ${row.sql}
           WHERE id = $${parameters.length + 1} AND EXISTS (SELECT FROM changed) RETURNING status)
       SELECT status FROM proven`,
      [...parameters, proven.orderId, ...row.parameters],
    );
    return written?.status;
  }

  /** Flags an operation's sale as paid twice. @returns whether it was not flagged before. */
  async flagPaidTwice(id: number, manager: EntityManager = this.dataSource.manager): Promise<boolean> {
    const rows = await queryRows<{ id: number }>(
      manager,
      'UPDATE operations SET paid_twice_at = clock_timestamp() WHERE id = $1 AND paid_twice_at IS NULL RETURNING id',
      [id],
    );
    return rows.length === 1;
  }

  /**
   * Takes operations that are due to be looked at, and puts off their next look: at 1, 2, 4 … 20 seconds, once right after
   * the call's limit and the settle time, hourly after an hour. Each goes to one instance.
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
               CASE WHEN kind IN ('pix', 'boleto', 'order') AND sent_at + make_interval(secs => call_limit_seconds + 0.5) > clock_timestamp()
                 THEN sent_at + make_interval(secs => call_limit_seconds + 0.5) END)
           END
         WHERE id IN (SELECT id FROM operations
           WHERE state IN ('prepared', 'sent', 'unknown') AND next_check_at <= clock_timestamp()
           ORDER BY next_check_at LIMIT ${DUE_BATCH} FOR UPDATE SKIP LOCKED)
         RETURNING id, kind, order_id, sale, installation_id`,
      [settleSeconds],
    );
  }

  /** The database's clock. */
  async databaseNow(): Promise<Date> {
    const [row] = await queryRows<{ at: Date }>(this.dataSource, 'SELECT clock_timestamp()::timestamp AS at');
    return row?.at ?? new Date();
  }
}
