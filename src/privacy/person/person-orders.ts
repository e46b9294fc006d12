import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { KeyedDigest } from '../../common/secrets/keyed-digest';
import { queryRows } from '../../database';
import { payerDigests } from '../../payments';
import { inRanges } from './id-ranges';
import type { Subject } from './subject';

const OPERATIONS = 50_000;
const ORDERS = 50_000;

/** An order of a person. */
export interface PersonOrder {
  readonly id: number;
  readonly appmax_order_id: number;
  readonly appmax_customer_id: number;
  readonly external_key: string;
}

/** An operation that was made with a person's document. */
export interface PersonOperation {
  readonly id: number;
  readonly kind: string;
  readonly order_id: number | null;
}

const ORDER_COLUMNS = 'o.id, o.appmax_order_id, o.appmax_customer_id, i.external_key';
const FROM_ORDERS = 'FROM orders o JOIN installations i ON i.id = o.installation_id';

/** Finds the orders and operations of a person. Documents are only stored as keyed digests, one for each shop. */
@Injectable()
export class PersonOrders {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly digest: KeyedDigest,
  ) {}

  /** Returns the operations with a document of the person, and the orders that were made with it. */
  async byDocument(subject: Subject): Promise<PersonOperation[]> {
    const digests = await this.digestsOf(subject);
    if (digests.length === 0) return [];
    return inRanges({ dataSource: this.dataSource, table: 'operations', size: OPERATIONS }, ({ after, to }) =>
      queryRows<PersonOperation>(
        this.dataSource,
        `SELECT id, kind, order_id FROM operations
         WHERE id > $1 AND id <= $2 AND payer_digest = ANY ($3::bpchar[]) ORDER BY id`,
        [after, to, digests],
      ),
    );
  }

  /** Returns the orders of customers. */
  async byCustomer({ customerIds, shop }: Subject): Promise<PersonOrder[]> {
    if (customerIds.length === 0) return [];
    return inRanges({ dataSource: this.dataSource, table: 'orders', size: ORDERS }, ({ after, to }) =>
      queryRows<PersonOrder>(
        this.dataSource,
        `SELECT ${ORDER_COLUMNS} ${FROM_ORDERS} WHERE o.id > $1 AND o.id <= $2
           AND o.appmax_customer_id = ANY ($3::integer[]) AND ($4::varchar IS NULL OR i.external_key = $4) ORDER BY o.id`,
        [after, to, customerIds, shop ?? null],
      ),
    );
  }

  async ofIds(ids: readonly number[]): Promise<PersonOrder[]> {
    return queryRows<PersonOrder>(
      this.dataSource,
      `SELECT ${ORDER_COLUMNS} ${FROM_ORDERS} WHERE o.id = ANY ($1::bigint[]) ORDER BY o.id`,
      [ids],
    );
  }

  /**
   * Returns those orders that nothing says who made them: they came from Appmax, or from an older version. The document
   * of their Pix or boleto is then that of the customer.
   */
  async withoutMaker(ids: readonly number[]): Promise<number[]> {
    const rows = await queryRows<{ id: number }>(
      this.dataSource,
      `SELECT o.id FROM orders o WHERE o.id = ANY ($1::bigint[]) AND NOT EXISTS (
         SELECT FROM operations p WHERE p.order_id = o.id AND p.kind = 'order' AND p.payer_digest IS NOT NULL)
         AND NOT EXISTS (SELECT FROM erased_orders x WHERE x.order_id = o.id)`,
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  private async digestsOf({ documents, shop }: Subject): Promise<string[]> {
    if (documents.length === 0) return [];
    const shops = await queryRows<{ id: number }>(
      this.dataSource,
      'SELECT id FROM installations WHERE $1::varchar IS NULL OR external_key = $1',
      [shop ?? null],
    );
    return shops.flatMap(({ id }) =>
      documents.flatMap((document) => [...payerDigests(this.digest, id, document)]),
    );
  }
}
