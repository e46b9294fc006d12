import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { isLeased, type Lease, LEASE_EXPIRY } from '../../../common/leases/lease';
import { currentTraceparent } from '../../../common/tracing/spans';
import { queryPrepared, queryRows } from '../../../database';
import { IdempotencyContext, type KeyEnd, keyEndParameters, keyEndSql } from '../../../idempotency';
import { provenAssignments, type ProvenRow } from '../../order-rows';
import { REFUSING_RESTORATIONS, SECONDS_OF_REFUSAL } from '../../restorations/restoration.sql';
import type { OperationKind } from '../state/operation';
import {
  CHANGE_STATE,
  changeParameters,
  LOCKED_SALE,
  LOCKED_SESSION,
  NO_OTHER_CHARGE,
  type OperationResult,
  type StateChange,
} from '../state-change';
import { KIND_LISTS } from './kind-lists';
import { FLUSHED_WITH_THE_FENCE, type NewOperation, PREPARE, prepareParameters } from './new-operation';
import { OPERATION_COLUMNS, type OperationRow } from './operation-row';

/** An operation whose check by the settler is due. */
export interface DueOperation {
  readonly id: number;
  readonly kind: OperationKind;
  readonly order_id: number | null;
  readonly sale: string | null;
  readonly installation_id: number;
  /** The request that made it; null without tracing. */
  readonly traceparent: string | null;
}

/** The end of the key of a request, if its order gets the status that the answer was made with. */
export interface KeyEnding {
  readonly keyEnd: KeyEnd;
  readonly ifStatus: string;
}

/** The number of parameters of a key's end. */
const KEY_END_PARAMETERS = keyEndParameters(undefined).length;

export const DUE_BATCH = 20;

/** The age at which an operation with an unknown outcome needs a person. */
const REVIEW_HOURS = 1;

const IS_CHECK_DUE = "state IN ('prepared', 'sent', 'unknown') AND next_check_at <= clock_timestamp()";

/** SQL: true if there is work for `takeDue`. */
export const HAS_DUE_CHECKS = `EXISTS (SELECT FROM operations WHERE ${IS_CHECK_DUE})`;

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
   * @param manager a transaction; without it, the row is flushed to disk with the fence.
   * @returns its lease; undefined if another operation of the sale is open, the sale has a newer operation, its order
   * was replaced by another one of its checkout session, or the request has lost the lease of its key.
   */
  async prepare(operation: NewOperation, manager?: EntityManager): Promise<Lease | undefined> {
    const key = this.idempotency.current();
    const token = randomUUID();
    const values = prepareParameters(operation, { key, token });
    const [row] = await (manager === undefined
      ? queryPrepared<{ id: number }>(this.dataSource, {
          name: 'operations_prepare',
          text: `${PREPARE}, ${FLUSHED_WITH_THE_FENCE}`,
          values,
        })
      : queryRows<{ id: number }>(manager, PREPARE, values));
    if (row === undefined) return undefined;
    this.idempotency.markUsed();
    return { id: row.id, token };
  }

  /**
   * The fence: marks an operation as sent if its lease is held, its sale has no successful charge, and its order is
   * unpaid in our database and, if it belongs to a checkout session, takes payments. After a restoration, the order must
   * also have been read or made since the calls of the lost time have ended.
   *
   * @param payable the statuses in which an order accepts a payment.
   * @returns the time of sending, by the database's clock; undefined if the operation must not be sent.
   */
  async fence({ id, token }: Lease, payable: readonly string[]): Promise<Date | undefined> {
    const [row] = await queryPrepared<{ sent_at: Date }>(this.dataSource, {
      name: 'operations_fence',
      text: `WITH ${LOCKED_SALE}, ${LOCKED_SESSION}, fenced AS (
         UPDATE operations p SET state = 'sent', sent_at = clock_timestamp(), lease_expires_at = ${LEASE_EXPIRY}, next_check_at = ${LEASE_EXPIRY}
         WHERE id = $1 AND lease_token = $2 AND state = 'prepared' AND ${isLeased('p')}
           AND (kind IN ('order', 'refund') OR NOT EXISTS (
             SELECT FROM locked WHERE kind IN (${KIND_LISTS.charges}) AND state = 'done' AND superseded_at IS NULL))
           AND (kind NOT IN (${KIND_LISTS.methods}) OR EXISTS (
             SELECT FROM orders o WHERE o.id = p.order_id AND o.status = ANY($3)))
           AND (kind NOT IN (${KIND_LISTS.methods}) OR NOT EXISTS (SELECT FROM session WHERE NOT takes_payments))
           AND NOT EXISTS (SELECT FROM ${REFUSING_RESTORATIONS})
         RETURNING kind, order_id, sent_at),
       tried AS (
         UPDATE orders o SET payment_method = fenced.kind::text FROM fenced
         WHERE o.id = fenced.order_id AND fenced.kind IN (${KIND_LISTS.methods})
           AND o.payment_method IS DISTINCT FROM fenced.kind::text)
       SELECT sent_at FROM fenced`,
      values: [id, token, payable],
    });
    return row?.sent_at;
  }

  /** Returns the seconds after which to try again an operation that a restoration refuses; undefined if none does. */
  async refusedByRestoration({ id }: Lease): Promise<number | undefined> {
    const [row] = await queryRows<{ seconds: number | null }>(this.dataSource, SECONDS_OF_REFUSAL, [id]);
    return row?.seconds ?? undefined;
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
   * Changes the state like {@link update}, writes the proven status to the order, and ends the lease of the request's
   * key, in one statement.
   *
   * @param ending the end of the key's lease; by default, it is ended later.
   * @returns the order's new status; undefined if the operation had another state and nothing was written.
   */
  async updateWithOrder(
    change: StateChange,
    result: OperationResult,
    proven: ProvenRow,
    ending?: KeyEnding,
  ): Promise<string | undefined> {
    const parameters = changeParameters(change, result);
    const first = parameters.length + 1;
    const trace = first + KEY_END_PARAMETERS + 2;
    const row = provenAssignments(proven, trace + 1);
    const [written] = await queryPrepared<{ status: string; is_ended: boolean }>(this.dataSource, {
      // The columns differ by the kind of payment.
      name: `operations_answer ${row.columns.join(' ')}`,
      text: `WITH ${LOCKED_SALE}, changed AS (${CHANGE_STATE.replace('RETURNING id', `${NO_OTHER_CHARGE} RETURNING id`)}),
         proven AS (UPDATE orders SET ${row.sql}
           WHERE id = $${first} AND EXISTS (SELECT FROM changed) RETURNING status),
         ended AS (${keyEndSql(first + 2, `EXISTS (SELECT FROM proven WHERE status = $${first + 1}::varchar)`)})
       SELECT status, EXISTS (SELECT FROM ended) AS is_ended,
         CASE WHEN $${trace}::text IS NOT NULL THEN set_config('appmax_checkout.traceparent', $${trace}, true) END
       FROM proven`,
      values: [
        ...parameters,
        proven.orderId,
        ending?.ifStatus ?? null,
        ...keyEndParameters(ending?.keyEnd),
        // The cause of the notifications that triggers write.
        currentTraceparent(),
        ...row.parameters,
      ],
    });
    if (written?.is_ended === true) this.idempotency.markEnded();
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
   * immediately after the call's time limit and after the settle time, and every hour once an hour has passed. Marks those
   * that evidence has not settled until then, and unknown upsells, which it never settles: a person must review them.
   */
  async takeDue(settleSeconds: number): Promise<DueOperation[]> {
    return queryRows<DueOperation>(
      this.dataSource,
      `UPDATE operations p SET checks = checks + 1,
           needs_review_at = CASE WHEN state = 'unknown'
               AND (kind = 'upsell' OR sent_at < clock_timestamp() - interval '${REVIEW_HOURS} hour')
             THEN COALESCE(needs_review_at, clock_timestamp()) ELSE needs_review_at END,
           next_check_at = CASE
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
           WHERE ${IS_CHECK_DUE}
           ORDER BY next_check_at LIMIT ${DUE_BATCH} FOR UPDATE SKIP LOCKED)
         RETURNING id, kind, order_id, sale, installation_id, traceparent`,
      [settleSeconds],
    );
  }

  /** Returns the time of the database's clock. */
  async databaseNow(): Promise<Date> {
    const [row] = await queryRows<{ at: Date }>(this.dataSource, 'SELECT clock_timestamp()::timestamp AS at');
    return row?.at ?? new Date();
  }
}
