import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Conditions, olderThan } from '../common/listing/conditions';
import { isoTime, type Page, pageOf, type PageRequest, rowsToRead } from '../common/listing/page';
import { Instant, RowId } from '../common/openapi/fields';
import { queryRows, type StatementRunner } from '../database';
import { type Actor, ACTORS } from './actor';

/** An entry of the audit log for operators: what was done with which key. No body, text or address is part of it. */
export class AuditEntry {
  @RowId()
  id: number;

  @ApiProperty({
    description:
      '`root_key`: one of API_SECRET_KEYS; `key`: a key of the database; `command`: on the machine.',
    enum: ACTORS,
    example: 'key',
  })
  actor: Actor['kind'];

  @ApiProperty({
    description: 'The id of the key; null for a root key and a command.',
    type: 'integer',
    nullable: true,
    example: 7,
  })
  key_id: number | null;

  @ApiProperty({ description: 'The name of the key; of a root key a fingerprint.', example: 'shop-backend' })
  key_name: string;

  @ApiProperty({ description: 'The route, or the command.', example: 'POST /checkout/:key/refund' })
  action: string;

  @ApiProperty({
    description: 'The `external_key` of the shop, if one was named and is installed.',
    type: 'string',
    nullable: true,
    example: 'shop-42',
  })
  external_key: string | null;

  @ApiProperty({
    description: 'The id that the request named: of an order at Appmax, an operation, an event or a key.',
    type: 'integer',
    nullable: true,
    example: 1773760001,
  })
  subject_id: number | null;

  @ApiProperty({
    description: 'The status of the answer; null while the request runs, and after a crash.',
    type: 'integer',
    nullable: true,
    example: 200,
  })
  status: number | null;

  @ApiProperty({ description: 'The id of the request.', type: 'string', nullable: true, example: null })
  request_id: string | null;

  @Instant('When the action began.')
  created_at: string;

  @Instant('When the action ended.', { nullable: true })
  finished_at: string | null;
}

/** The filters of the list. `from` (inclusive) and `to` (exclusive) apply to created_at. */
export interface AuditListRequest extends PageRequest {
  readonly actor?: Actor['kind'] | undefined;
  readonly key_id?: number | undefined;
  readonly action?: string | undefined;
  readonly external_key?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** An action to record. */
export interface AuditedAction {
  readonly actor: Actor;
  readonly action: string;
  readonly externalKey?: string | undefined;
  readonly subjectId?: number | undefined;
  readonly requestId?: string | undefined;
  /** The status of the answer, if it is known already. */
  readonly status?: number | undefined;
}

type EntryRow = Omit<AuditEntry, 'created_at' | 'finished_at'> & {
  readonly created_at: Date;
  readonly finished_at: Date | null;
};

/** The log of what was done with secret keys and by commands. */
@Injectable()
export class AuditLog {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Records an action; in the transaction of `runner`, if it has one. @returns the id of the entry. */
  async record(
    { actor, action, externalKey, subjectId, requestId, status }: AuditedAction,
    runner: StatementRunner = this.dataSource,
  ): Promise<number> {
    const [row] = await queryRows<{ id: number }>(
      runner,
      `INSERT INTO audit_log (actor, key_id, key_name, action, installation_id, subject_id, request_id, status,
         finished_at)
       VALUES ($1::varchar, $2::bigint, $3::varchar, $4::varchar,
         (SELECT id FROM installations WHERE external_key = $5::varchar), $6::bigint, $7::varchar, $8::smallint,
         CASE WHEN $8::smallint IS NULL THEN NULL ELSE now()::timestamp END)
       RETURNING id`,
      [
        actor.kind,
        actor.keyId ?? null,
        actor.name,
        action,
        externalKey ?? null,
        subjectId ?? null,
        requestId ?? null,
        status ?? null,
      ],
    );
    return row?.id ?? 0;
  }

  /** Records the status with which an action ended. */
  async finish(id: number, status: number): Promise<void> {
    await queryRows(
      this.dataSource,
      'UPDATE audit_log SET status = $2::smallint, finished_at = now() WHERE id = $1',
      [id, status],
    );
  }

  /** Lists entries, newest first. @param shop the only shop whose entries are listed; undefined: all. */
  async list(request: AuditListRequest, shop: string | undefined): Promise<Page<AuditEntry>> {
    const conditions = new Conditions()
      .where(shop, ofShop)
      .where(request.actor, (value) => `a.actor = ${value}`)
      .where(request.key_id, (value) => `a.key_id = ${value}`)
      .where(request.action, (value) => `a.action = ${value}`)
      .where(request.external_key, ofShop)
      .where(request.from, (value) => `a.created_at >= ${value}`)
      .where(request.to, (value) => `a.created_at < ${value}`)
      .where(request.cursor, (value) => olderThan('audit_log', value, 'a'));
    const rows = await queryRows<EntryRow>(
      this.dataSource,
      `SELECT a.id, a.actor, a.key_id, a.key_name, a.action, i.external_key, a.subject_id, a.status, a.request_id,
         a.created_at, a.finished_at
       FROM audit_log a LEFT JOIN installations i ON i.id = a.installation_id ${conditions.sql}
       ORDER BY a.created_at DESC, a.id DESC LIMIT ${rowsToRead(request)}`,
      conditions.parameters,
    );
    return pageOf(rows, request, (row) => ({
      ...row,
      created_at: row.created_at.toISOString(),
      finished_at: isoTime(row.finished_at),
    }));
  }
}

/** SQL: the entries of a shop. */
const ofShop = (parameter: string): string =>
  `a.installation_id = (SELECT s.id FROM installations s WHERE s.external_key = ${parameter})`;
