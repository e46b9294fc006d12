import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { SessionPeople, type SessionPerson } from '../../checkout';
import { queryRows } from '../../database';
import type { Advance } from './id-ranges';
import { type PersonEvent, PersonEvents } from './person-events';
import { type PersonOrder, PersonOrders } from './person-orders';
import type { Subject } from './subject';

const SESSIONS = 500;

/** Everything of a person that is stored. */
export interface Person {
  readonly orders: readonly PersonOrder[];
  /** The ids of operations with the person's document that have no order, or that paid the order of somebody else. */
  readonly otherOperations: readonly number[];
  readonly sessions: readonly SessionPerson[];
  /** Those with a full payload. */
  readonly events: readonly PersonEvent[];
  /** The number of sessions that no known key opens: they may be the person's. */
  readonly unreadableSessions: number;
}

/**
 * Finds what is stored of a person. Orders: made with a document of the person, or of the same customer at Appmax.
 * Sessions: of these orders, or with the document or e-mail address. Events: of these orders, or with the document, the
 * e-mail address or the customer's id in the payload. What others paid with the person's card is not the person's order.
 */
@Injectable()
export class PersonFinder {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly orders: PersonOrders,
    private readonly people: SessionPeople,
    private readonly events: PersonEvents,
  ) {}

  /** @param advance is called while the payloads of events are read. */
  async find(given: Subject, advance?: Advance): Promise<Person> {
    const ofCustomer = await this.orders.byCustomer(given);
    const documents = new Set([...given.documents, ...(await this.documentsOf(ofCustomer))]);
    const subject = { ...given, documents: [...documents] };
    const operations = await this.orders.byDocument(subject);
    const made = await this.orders.ofIds(await this.madeBy(operations));
    const customerIds = [
      ...new Set([...given.customerIds, ...made.map((order) => order.appmax_customer_id)]),
    ];
    const known = ofCustomers(await this.orders.byCustomer({ ...subject, customerIds }), given, made);
    const { sessions, unreadable } = await this.sessionsOf(subject, [...known, ...made]);
    const ofSessions = await this.orders.ofIds(await this.ordersOfSessions(sessions));
    const orders = unique([...known, ...made, ...ofSessions]);
    const ids = new Set(orders.map(({ id }) => id));
    const events = await this.events.find(
      { ...subject, customerIds },
      orders.map((order) => order.appmax_order_id),
      advance,
    );
    return {
      orders,
      otherOperations: operations
        .filter(({ order_id: orderId }) => orderId === null || !ids.has(orderId))
        .map(({ id }) => id),
      sessions,
      events,
      unreadableSessions: unreadable,
    };
  }

  /** Returns the ids of the orders that were made with a document, or paid by it if nothing says who made them. */
  private async madeBy(
    operations: readonly { readonly kind: string; readonly order_id: number | null }[],
  ): Promise<number[]> {
    const of = (...kinds: string[]): number[] =>
      operations.flatMap(({ kind, order_id: id }) => (id !== null && kinds.includes(kind) ? [id] : []));
    return [...of('order'), ...(await this.orders.withoutMaker(of('pix', 'boleto')))];
  }

  /** Returns the documents in the sessions of orders: Appmax knows the customer by them. */
  private async documentsOf(orders: readonly PersonOrder[]): Promise<string[]> {
    const sessions = await this.people.ofIds(await this.sessionsOfOrders(orders));
    return sessions.flatMap((session) => namesIn(session).documents);
  }

  private async sessionsOf(
    { documents, emails, shop }: Subject,
    orders: readonly PersonOrder[],
  ): Promise<{ sessions: SessionPerson[]; unreadable: number }> {
    const ofOrders = await this.people.ofIds(await this.sessionsOfOrders(orders));
    const sessions = new Map(ofOrders.map((session) => [session.id, session]));
    const shops = await this.installationIds(shop);
    let [unreadable, after] = [0, 0];
    for (;;) {
      const batch = await this.people.next(after, SESSIONS);
      const last = batch.at(-1);
      if (last === undefined) break;
      after = last.id;
      for (const session of batch.filter(({ installationId }) => shops.has(installationId))) {
        if (!session.isReadable && !sessions.has(session.id)) unreadable += 1;
        const names = namesIn(session);
        const isNamed =
          names.documents.some((each) => documents.includes(each)) ||
          names.emails.some((each) => emails.includes(each));
        if (isNamed) sessions.set(session.id, session);
      }
    }
    return { sessions: [...sessions.values()].sort((a, b) => a.id - b.id), unreadable };
  }

  private async installationIds(shop: string | undefined): Promise<Set<number>> {
    const rows = await queryRows<{ id: number }>(
      this.dataSource,
      'SELECT id FROM installations WHERE $1::varchar IS NULL OR external_key = $1',
      [shop ?? null],
    );
    return new Set(rows.map(({ id }) => id));
  }

  private async sessionsOfOrders(orders: readonly PersonOrder[]): Promise<number[]> {
    const rows = await queryRows<{ id: number }>(
      this.dataSource,
      'SELECT DISTINCT session_id AS id FROM session_orders WHERE order_id = ANY ($1::bigint[])',
      [orders.map(({ id }) => id)],
    );
    return rows.map(({ id }) => id);
  }

  private async ordersOfSessions(sessions: readonly SessionPerson[]): Promise<number[]> {
    const rows = await queryRows<{ id: number }>(
      this.dataSource,
      'SELECT order_id AS id FROM session_orders WHERE session_id = ANY ($1::bigint[])',
      [sessions.map(({ id }) => id)],
    );
    return rows.map(({ id }) => id);
  }
}

function namesIn({ customer, shopper }: SessionPerson): { documents: string[]; emails: string[] } {
  const data = [customer, shopper].filter((each) => each !== undefined);
  return {
    documents: data.flatMap(({ document_number: document }) => (document === undefined ? [] : [document])),
    emails: data.flatMap(({ email }) => (email === undefined ? [] : [email.toLowerCase()])),
  };
}

/** Returns the orders of the given customers, and of those who made an order, in the same shop. */
function ofCustomers(
  orders: readonly PersonOrder[],
  { customerIds }: Subject,
  made: readonly PersonOrder[],
): PersonOrder[] {
  const nameOf = (order: PersonOrder): string => `${order.appmax_customer_id} ${order.external_key}`;
  const makers = new Set(made.map(nameOf));
  return orders.filter(
    (order) => customerIds.includes(order.appmax_customer_id) || makers.has(nameOf(order)),
  );
}

function unique(orders: readonly PersonOrder[]): PersonOrder[] {
  return [...new Map(orders.map((order) => [order.id, order])).values()].sort((a, b) => a.id - b.id);
}
