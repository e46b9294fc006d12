import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Conditions, olderThan } from '../../common/listing/conditions';
import { type PageRequest, rowsToRead } from '../../common/listing/page';
import { queryRows } from '../../database';
import type { NewSession, SessionRow, SessionState } from './session';

/** The sessions that one round of the sweep records as ended. */
const SWEEP_BATCH = 500;

const IS_PAID = 'EXISTS (SELECT FROM session_payments p WHERE p.session_id = s.id)';
const IS_OVER = '(s.expired_at IS NOT NULL OR s.expires_at <= clock_timestamp())';

const STATE_IS: Readonly<Record<SessionState, string>> = {
  completed: IS_PAID,
  expired: `(NOT ${IS_PAID} AND ${IS_OVER})`,
  open: `(NOT ${IS_PAID} AND NOT ${IS_OVER})`,
};

const COLUMNS = `s.id, s.public_id, s.installation_id, s.reference, s.request_digest, s.items, s.products_cents,
  s.shipping_cents, s.discount_cents, s.total_cents, s.methods, s.max_installments, s.customer, s.shopper, s.metadata,
  s.success_url, s.cancel_url, s.locale, s.created_at, s.expires_at,
  CASE WHEN ${IS_PAID} THEN 'completed' WHEN ${IS_OVER} THEN 'expired' ELSE 'open' END AS state,
  EXISTS (SELECT FROM session_orders so JOIN operations p ON p.order_id = so.order_id
    WHERE so.session_id = s.id AND p.kind NOT IN ('order', 'refund') AND p.state IN ('sent', 'unknown'))
    AS payment_under_way,
  o.id AS order_row_id, o.appmax_order_id AS order_id, o.status AS order_status, o.payment_method`;

const FROM_SESSIONS = `FROM checkout_sessions s LEFT JOIN LATERAL (
    SELECT o.id, o.appmax_order_id, o.status, o.payment_method
    FROM session_orders so JOIN orders o ON o.id = so.order_id LEFT JOIN session_payments p ON p.order_id = o.id
    WHERE so.session_id = s.id AND (so.is_live OR p.order_id IS NOT NULL)
    ORDER BY (p.order_id IS NOT NULL AND NOT p.is_extra) DESC, so.is_live DESC, so.order_id DESC LIMIT 1) o ON TRUE`;

/** The filters of a list of sessions. */
export interface SessionListRequest extends PageRequest {
  readonly status?: SessionState | undefined;
  readonly reference?: string | undefined;
}

/** The table `checkout_sessions`. */
@Injectable()
export class SessionsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Inserts a session. @returns false if the shop has a session with the reference. */
  async insert(session: NewSession): Promise<boolean> {
    const { products_cents: products, shipping_cents: shipping, discount_cents: discount } = session;
    const rows = await queryRows(
      this.dataSource,
      `INSERT INTO checkout_sessions (public_id, installation_id, reference, request_digest, items, products_cents,
         shipping_cents, discount_cents, total_cents, methods, max_installments, customer, metadata, success_url,
         cancel_url, locale, expires_at)
       VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10::text[], $11, $12, $13::jsonb, $14, $15, $16,
         clock_timestamp() + make_interval(mins => $17))
       ON CONFLICT (installation_id, reference) WHERE reference IS NOT NULL DO NOTHING RETURNING id`,
      [
        session.public_id,
        session.installation_id,
        session.reference,
        session.request_digest,
        JSON.stringify(session.items),
        products,
        shipping,
        discount,
        products + shipping - discount,
        session.methods,
        session.max_installments,
        session.customer,
        session.metadata === null ? null : JSON.stringify(session.metadata),
        session.success_url,
        session.cancel_url,
        session.locale,
        session.expires_in_minutes,
      ],
    );
    return rows.length === 1;
  }

  async byPublicId(publicId: string): Promise<SessionRow | undefined> {
    return (await this.read('WHERE s.public_id = $1', [publicId]))[0];
  }

  async byReference(installationId: number, reference: string): Promise<SessionRow | undefined> {
    const condition = 'WHERE s.installation_id = $1 AND s.reference = $2';
    return (await this.read(condition, [installationId, reference]))[0];
  }

  /** Returns the sessions of a shop, newest first, one more than the page has. */
  async list(installationId: number, request: SessionListRequest): Promise<SessionRow[]> {
    const conditions = new Conditions()
      .where(installationId, (value) => `s.installation_id = ${value}`)
      .where(request.reference, (value) => `s.reference = ${value}`)
      .and(request.status === undefined ? undefined : STATE_IS[request.status])
      .where(request.cursor, (value) => olderThan('checkout_sessions', value, 's'));
    return this.read(
      `${conditions.sql} ORDER BY s.created_at DESC, s.id DESC LIMIT ${rowsToRead(request)}`,
      conditions.parameters,
    );
  }

  /** Expires a session. From then on no payment of it passes the fence. */
  async expire(id: number): Promise<void> {
    await this.dataSource.query(
      `UPDATE checkout_sessions s SET expired_at = clock_timestamp() WHERE id = $1 AND NOT ${IS_PAID} AND NOT ${IS_OVER}`,
      [id],
    );
  }

  /** Saves the sealed personal data that the shopper has typed. */
  async saveShopper(id: number, shopper: string): Promise<void> {
    await this.dataSource.query('UPDATE checkout_sessions SET shopper = $2 WHERE id = $1', [id, shopper]);
  }

  /** Records the end of sessions whose time is over. @returns true if there may be more of them. */
  async sweep(): Promise<boolean> {
    const rows = await queryRows(
      this.dataSource,
      `UPDATE checkout_sessions s SET swept_at = clock_timestamp(),
         expired_at = CASE WHEN ${IS_PAID} THEN s.expired_at ELSE COALESCE(s.expired_at, s.expires_at) END
       WHERE id IN (SELECT id FROM checkout_sessions WHERE swept_at IS NULL AND expires_at <= clock_timestamp()
         ORDER BY expires_at LIMIT ${SWEEP_BATCH} FOR UPDATE SKIP LOCKED)
       RETURNING id`,
    );
    return rows.length === SWEEP_BATCH;
  }

  private read(condition: string, parameters: readonly unknown[]): Promise<SessionRow[]> {
    return queryRows<SessionRow>(this.dataSource, `SELECT ${COLUMNS} ${FROM_SESSIONS} ${condition}`, [
      ...parameters,
    ]);
  }
}
