import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { eraseSessions } from '../checkout';
import { queryRows } from '../database';
import { AuditLog, COMMAND } from '../keys';
import { PayloadReduction } from '../webhooks';
import { adviceOf, openOperations } from './open-work';
import { OrderErasure, OrderInUseError } from './order-erasure';
import type { Person } from './person/person-finder';

const ACTION = 'privacy:erase';

/** The route that makes sessions, as idempotency keys have it. */
const SESSIONS_ROUTE = '/checkout/:key/sessions';

/** The tables that an erasure changes. */
const ERASED_TABLES = [
  'checkout_sessions',
  'idempotency_keys',
  'notifications',
  'operations',
  'orders',
  'refund_reasons',
  'webhook_events',
] as const;

/** The number of rows of each kind whose personal data was erased. */
export interface Erased {
  readonly orders: number;
  readonly sessions: number;
  readonly events: number;
  readonly otherOperations: number;
}

/** Thrown if payments are under way; nothing was erased, or not everything. The advice says what to do. */
export class PaymentsUnderWayError extends Error {
  constructor(readonly advice: readonly string[]) {
    super('Payments are under way');
  }
}

/** Erases the personal data of a person. It may be repeated: a second run erases only what has come since. */
@Injectable()
export class Erasure {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly orders: OrderErasure,
    private readonly reduction: PayloadReduction,
    private readonly audit: AuditLog,
  ) {}

  /** Returns why the data can't be erased yet, and what to do; an empty list if it can. */
  async blockersOf({ orders, otherOperations }: Person): Promise<string[]> {
    const orderIds = orders.map(({ id }) => id);
    return (await openOperations(this.dataSource, orderIds, otherOperations)).map(adviceOf);
  }

  /** Records that the data was looked for, but not erased. */
  async recordLook(): Promise<void> {
    await this.audit.record({ actor: COMMAND, action: `${ACTION} (dry run)`, status: 200 });
  }

  /** @throws PaymentsUnderWayError before anything is erased, or if a payment has begun meanwhile. */
  async erase(person: Person): Promise<Erased> {
    const entry = await this.audit.record({ actor: COMMAND, action: ACTION });
    try {
      const blockers = await this.blockersOf(person);
      if (blockers.length > 0) throw new PaymentsUnderWayError(blockers);
      const erased = await this.eraseAll(person);
      await this.audit.finish(entry, 200);
      return erased;
    } catch (error) {
      await this.audit.finish(entry, error instanceof PaymentsUnderWayError ? 409 : 500);
      throw error;
    }
  }

  private async eraseAll({ orders, sessions, events, otherOperations }: Person): Promise<Erased> {
    let erasedOrders = 0;
    for (const order of orders) {
      const isErased = await this.orders.erase(order, ACTION).catch((error: unknown) => {
        throw error instanceof OrderInUseError
          ? new PaymentsUnderWayError(error.operations.map(adviceOf))
          : error;
      });
      if (isErased) erasedOrders += 1;
    }
    const erased = {
      orders: erasedOrders,
      sessions: await this.eraseSessions(sessions.map(({ id }) => id)),
      events: (await this.reduction.reduce(events.map(({ id }) => id))).length,
      otherOperations: await this.orders.eraseOperations(otherOperations),
    };
    // PostgreSQL keeps samples of values as statistics, and new dumps may contain them.
    await this.dataSource.query(`ANALYZE ${ERASED_TABLES.join(', ')}`);
    return erased;
  }

  /** Erases the personal data of sessions, and what was written from them. @returns the number of those that had any. */
  private eraseSessions(ids: readonly number[]): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      const erased = await eraseSessions(manager, ids);
      const [row] = await queryRows<{ names: string[] | null }>(
        manager,
        'SELECT array_agg(public_id) AS names FROM checkout_sessions WHERE id = ANY ($1::bigint[])',
        [ids],
      );
      const names = row?.names ?? [];
      // The answer that made a session repeats the shop's texts. A session is no payment: a repeat may make another one.
      await queryRows(
        manager,
        `DELETE FROM idempotency_keys WHERE route = '${SESSIONS_ROUTE}'
           AND substring(response_body FROM '"id":"(cs_[A-Za-z0-9_-]+)"') = ANY ($1::text[])`,
        [names],
      );
      // Those of sessions that ended without an order have no order.
      await queryRows(
        manager,
        `UPDATE notifications SET data = data - 'metadata'
         WHERE data ? 'metadata' AND data ->> 'session_id' = ANY ($1::text[])`,
        [names],
      );
      return erased.length;
    });
  }
}
