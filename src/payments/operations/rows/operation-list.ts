import { Injectable, Logger } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Conditions } from '../../../common/listing/conditions';
import { isoTime, type Page, pageOf, type PageRequest, rowsToRead } from '../../../common/listing/page';
import { logText } from '../../../common/log-text';
import { Instant, RowId } from '../../../common/openapi/fields';
import { queryRows } from '../../../database';
import { SyncQueue } from '../../../orders';
import { alreadySettled, operationNotFound, tooEarly } from '../../errors';
import { Ledger } from '../ledger';
import {
  OPERATION_KINDS,
  OPERATION_STATES,
  type OperationKind,
  type OperationState,
} from '../state/operation';

/** An operation for operators: a call to Appmax that moves money or creates something that is paid for. In cents. */
export class OperationSummary {
  @RowId()
  id: number;

  @ApiProperty({ description: 'The kind of the operation.', enum: OPERATION_KINDS, example: 'credit_card' })
  kind: OperationKind;

  @ApiProperty({
    description:
      '`unknown`: its answer was lost; the order is read at Appmax to learn the outcome, and a person settles the rest. `done`: charged, created or accepted. `confirmed`, `denied`: the later outcome of a refund.',
    enum: OPERATION_STATES,
    example: 'done',
  })
  state: OperationState;

  @ApiProperty({ description: "The merchant's key.", type: 'string', example: 'shop-42' })
  external_key: string;

  @ApiProperty({
    description: "The order's id at Appmax; null if the order was not created or is not known.",
    type: 'integer',
    nullable: true,
    example: 1773760001,
  })
  order_id: number | null;

  @ApiProperty({ description: 'The amount in cents.', type: 'integer', nullable: true, example: 15990 })
  amount_cents: number | null;

  @ApiProperty({ description: 'The error.', type: 'string', nullable: true, example: null })
  failure: string | null;

  @ApiProperty({
    description: 'The state of the order at Appmax before the operation was sent.',
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: { status: 'pendente', totalPaidCents: 0 },
  })
  baseline: Record<string, unknown> | null;

  @ApiProperty({
    description: 'The state of the order at Appmax that proved the outcome.',
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: null,
  })
  evidence: Record<string, unknown> | null;

  @Instant('The time at which it was prepared.', { nullable: true })
  prepared_at: string | null;

  @Instant('The time at which it was sent; null if nothing was sent.', { nullable: true })
  sent_at: string | null;

  @Instant('The time at which its outcome was known.', { nullable: true })
  settled_at: string | null;

  @Instant('The expiry of a code, if Appmax gave it.', { nullable: true })
  code_expires_at: string | null;

  @Instant('The time at which Appmax reported this success as refused.', { nullable: true })
  superseded_at: string | null;

  @Instant('The time at which a double payment of its sale was detected.', { nullable: true })
  paid_twice_at: string | null;

  @ApiProperty({
    description: 'The id of the request that created it.',
    type: 'string',
    nullable: true,
    example: null,
  })
  request_id: string | null;

  @ApiProperty({
    description: 'The name of the secret key with which it was settled manually.',
    type: 'string',
    nullable: true,
    example: null,
  })
  resolved_by: string | null;

  @ApiProperty({
    description: 'The note about the manual settlement.',
    type: 'string',
    nullable: true,
    example: null,
  })
  resolution_note: string | null;

  @ApiProperty({
    description: 'The reason that was given for a refund.',
    type: 'string',
    nullable: true,
    example: null,
  })
  reason: string | null;
}

/** The filters of a list of operations. */
export interface OperationListRequest extends PageRequest {
  readonly state?: OperationState | undefined;
  readonly kind?: OperationKind | undefined;
  readonly external_key?: string | undefined;
  readonly order_id?: number | undefined;
  readonly paid_twice?: boolean | undefined;
}

/** The outcome of an operation, as a person has found it out. */
export interface Resolution {
  readonly outcome: 'done' | 'not_done';
  readonly note: string;
  /** The name of the secret key that was used, as in the audit log. */
  readonly by: string;
}

const INSTANTS = [
  'prepared_at',
  'sent_at',
  'settled_at',
  'code_expires_at',
  'superseded_at',
  'paid_twice_at',
] as const;
type InstantName = (typeof INSTANTS)[number];

type SummaryRow = Omit<OperationSummary, InstantName> & Readonly<Record<InstantName, Date | null>>;

const SUMMARY = `SELECT p.id, p.kind, p.state, i.external_key, o.appmax_order_id AS order_id, p.amount_cents, p.failure,
    p.baseline, p.evidence, p.prepared_at, p.sent_at, p.settled_at, p.code_expires_at, p.superseded_at, p.paid_twice_at,
    p.request_id, p.resolved_by, p.resolution_note, r.reason
  FROM operations p JOIN installations i ON i.id = p.installation_id LEFT JOIN orders o ON o.id = p.order_id
  LEFT JOIN refund_reasons r ON r.operation_id = p.id`;

/** SQL: the operations of a shop, by an index. */
const ofShop = (parameter: string): string =>
  `p.installation_id = (SELECT s.id FROM installations s WHERE s.external_key = ${parameter})`;

/** Lists operations for operators, and lets a person settle those that evidence cannot. */
@Injectable()
export class OperationList {
  private readonly logger = new Logger('Operations');

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly ledger: Ledger,
    private readonly syncs: SyncQueue,
  ) {}

  /** Lists operations, newest first. @param shop the only shop whose operations are listed; undefined: all. */
  async list(request: OperationListRequest, shop?: string): Promise<Page<OperationSummary>> {
    const conditions = new Conditions()
      .where(shop, ofShop)
      .where(request.state, (value) => `p.state = ${value}::operation_state`)
      .where(request.kind, (value) => `p.kind = ${value}::operation_kind`)
      .where(request.external_key, ofShop)
      .where(
        request.order_id,
        (value) => `p.order_id = (SELECT id FROM orders WHERE appmax_order_id = ${value})`,
      )
      .where(request.cursor, (value) => `p.id < ${value}`)
      .and(request.paid_twice === true ? 'p.paid_twice_at IS NOT NULL' : undefined);
    const rows = await queryRows<SummaryRow>(
      this.dataSource,
      `${SUMMARY} ${conditions.sql} ORDER BY p.id DESC LIMIT ${rowsToRead(request)}`,
      conditions.parameters,
    );
    return pageOf(rows, request, toSummary);
  }

  /** Lists all operations of an order, oldest first. @param orderId the id in our database. */
  async ofOrder(orderId: number): Promise<OperationSummary[]> {
    const rows = await queryRows<SummaryRow>(
      this.dataSource,
      `${SUMMARY} WHERE p.order_id = $1 ORDER BY p.id`,
      [orderId],
    );
    return rows.map(toSummary);
  }

  /** Finds an operation; with a shop only one of this shop. @throws ApiError 404 */
  async get(id: number, shop?: string): Promise<OperationSummary> {
    const [row] = await queryRows<SummaryRow>(this.dataSource, `${SUMMARY} WHERE p.id = $1`, [id]);
    if (row === undefined || (shop !== undefined && row.external_key !== shop)) throw operationNotFound();
    return toSummary(row);
  }

  /**
   * Settles an operation with an outcome that a person has found out, for example in Appmax's panel. Possible for an
   * operation with an unknown outcome, an accepted refund that Appmax does not show, and an accepted charge that Appmax
   * never made.
   *
   * @param shop the only shop whose operations are found; undefined: all.
   * @throws ApiError 404; 409 if its outcome is known, or if it may still have its effect.
   */
  async resolve(id: number, { outcome, note, by }: Resolution, shop?: string): Promise<OperationSummary> {
    const before = await this.get(id, shop);
    const [row] = await queryRows<{ sale: string; order_id: number | null }>(
      this.dataSource,
      'SELECT sale, order_id FROM operations WHERE id = $1',
      [id],
    );
    if (row === undefined) throw operationNotFound();
    await this.ledger.change(row.sale, row.order_id, { type: 'resolved', id, outcome });
    const after = await this.get(id);
    if (after.state === before.state && after.superseded_at === before.superseded_at)
      throw after.state === 'unknown' ? tooEarly() : alreadySettled(after.state);
    await queryRows(
      this.dataSource,
      'UPDATE operations SET resolved_by = $2, resolution_note = $3 WHERE id = $1',
      [id, by, note],
    );
    this.logger.warn({ outcome }, logText`Operation ${id} was settled by a person`);
    if (after.order_id !== null) await this.syncs.request({ orderId: after.order_id, reason: 'admin' });
    return this.get(id);
  }
}

function toSummary(row: SummaryRow): OperationSummary {
  const instants = Object.fromEntries(INSTANTS.map((name) => [name, isoTime(row[name])]));
  return { ...row, ...(instants as Readonly<Record<InstantName, string | null>>) };
}
