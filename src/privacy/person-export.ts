import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { queryRows } from '../database';
import { AuditLog, COMMAND } from '../keys';
import { maskMerchant } from '../webhooks';
import type { Person } from './person/person-finder';
import type { Subject } from './person/subject';

/** Rows as they are exported: by the names of the columns. */
type Row = Readonly<Record<string, unknown>>;

/** Everything that is stored of a person, for the person. */
export interface PersonalData {
  readonly exported_at: string;
  readonly subject: Row;
  readonly orders: readonly Row[];
  readonly checkout_sessions: readonly Row[];
  readonly webhook_events: readonly Row[];
  /** Payments with the person's document that are not of the person's orders. */
  readonly other_operations: readonly Row[];
  readonly notes: readonly string[];
}

const OPERATION_COLUMNS = `p.id, p.kind, p.state, p.amount_cents, p.installments, p.refund_type, p.prepared_at, p.sent_at,
  p.settled_at, p.code_expires_at, p.resolution_note, p.payer_digest IS NOT NULL AS has_document_digest`;

/** SQL: the rows of a table that belong to an order `o`, as a JSON array. */
const listOf = (columns: string, from: string): string =>
  `COALESCE((SELECT json_agg(r) FROM (SELECT ${columns} FROM ${from}) r), '[]'::json)`;

const ORDERS = `SELECT i.external_key AS shop, o.appmax_order_id AS order_id, o.appmax_customer_id AS customer_id, o.status,
    o.payment_method, o.total_cents, o.pix_emv, o.boleto_pdf_url, o.boleto_digitavel,
    o.upsell_hash IS NOT NULL AS has_upsell_hash, o.created_at, o.updated_at, x.erased_at,
    ${listOf('c.status, c.changed_at', 'order_status_changes c WHERE c.appmax_order_id = o.appmax_order_id ORDER BY c.id')}
      AS status_changes,
    ${listOf(`${OPERATION_COLUMNS}, r.reason`, 'operations p LEFT JOIN refund_reasons r ON r.operation_id = p.id WHERE p.order_id = o.id ORDER BY p.id')}
      AS operations,
    ${listOf('k.route, k.created_at, k.expires_at, k.response_body', 'idempotency_keys k WHERE k.id IN (SELECT p.idempotency_key_id FROM operations p WHERE p.order_id = o.id) ORDER BY k.id')}
      AS idempotency_keys,
    ${listOf('n.type, n.data, n.created_at', 'notifications n WHERE n.id IN (SELECT d.notification_id FROM notification_deliveries d WHERE d.order_id = o.id) ORDER BY n.id')}
      AS notifications,
    ${listOf('a.action, a.created_at, a.status', 'audit_log a WHERE a.subject_id = o.appmax_order_id ORDER BY a.id')}
      AS audit_log
  FROM orders o JOIN installations i ON i.id = o.installation_id LEFT JOIN erased_orders x ON x.order_id = o.id
  WHERE o.id = ANY ($1::bigint[]) ORDER BY o.id`;

const SESSIONS = `SELECT s.id, i.external_key AS shop, s.reference, s.items, s.total_cents, s.metadata, s.success_url,
    s.cancel_url, s.locale, s.created_at, s.expires_at, s.expired_at
  FROM checkout_sessions s JOIN installations i ON i.id = s.installation_id
  WHERE s.id = ANY ($1::bigint[]) ORDER BY s.id`;

/** Exports what is stored of a person. */
@Injectable()
export class PersonExport {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly audit: AuditLog,
  ) {}

  /** Returns the data, and records the export in the audit log. */
  async export(subject: Subject, person: Person): Promise<PersonalData> {
    await this.audit.record({
      actor: COMMAND,
      action: 'privacy:export',
      externalKey: subject.shop,
      status: 200,
    });
    const orderIds = person.orders.map(({ id }) => id);
    const others = await this.rows(
      `SELECT ${OPERATION_COLUMNS} FROM operations p WHERE p.id = ANY ($1::bigint[]) ORDER BY p.id`,
      person.otherOperations,
    );
    return {
      exported_at: new Date().toISOString(),
      subject: { ...subject },
      orders: await this.rows(ORDERS, orderIds),
      checkout_sessions: await this.sessions(person),
      webhook_events: person.events.map(({ payload, ...event }) => ({
        ...event,
        payload: maskMerchant(payload),
      })),
      other_operations: others,
      notes: notesOf(person),
    };
  }

  private async sessions({ sessions }: Person): Promise<Row[]> {
    const people = new Map(sessions.map((session) => [session.id, session]));
    const rows = await this.rows(SESSIONS, [...people.keys()]);
    return rows.map(({ id, ...row }) => {
      const { customer, shopper } = people.get(id as number) ?? {};
      return { ...row, customer, shopper };
    });
  }

  private rows(sql: string, ids: readonly number[]): Promise<Row[]> {
    return queryRows<Row>(this.dataSource, sql, [ids]);
  }
}

function notesOf({ unreadableSessions }: Person): string[] {
  return unreadableSessions === 0
    ? []
    : [`${unreadableSessions} checkout sessions can not be read: their APP_KEY is not in APP_KEY_PREVIOUS`];
}
