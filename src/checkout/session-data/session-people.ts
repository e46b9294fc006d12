import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Sealer } from '../../common/secrets/sealer';
import { queryRows } from '../../database';
import { contextOf, type KnownShopper } from '../sessions/shopper-data';

/** The personal data of a session. */
export interface SessionPerson {
  readonly id: number;
  readonly installationId: number;
  /** The customer's data from the shop and from the shopper; undefined if there is none. */
  readonly customer: KnownShopper | undefined;
  readonly shopper: KnownShopper | undefined;
  /** False if no known key opens a part of it. */
  readonly isReadable: boolean;
}

interface Row {
  readonly id: number;
  readonly public_id: string;
  readonly installation_id: number;
  readonly customer: string | null;
  readonly shopper: string | null;
}

/** Opens the personal data of sessions, for requests of the persons themselves. */
@Injectable()
export class SessionPeople {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
  ) {}

  /** Returns the next sessions that have personal data, by id. @param after the last id before. */
  async next(after: number, limit: number): Promise<SessionPerson[]> {
    return this.read('id > $1 AND (customer IS NOT NULL OR shopper IS NOT NULL) ORDER BY id LIMIT $2', [
      after,
      limit,
    ]);
  }

  async ofIds(ids: readonly number[]): Promise<SessionPerson[]> {
    return this.read('id = ANY ($1::bigint[]) ORDER BY id', [ids]);
  }

  private async read(condition: string, parameters: readonly unknown[]): Promise<SessionPerson[]> {
    const rows = await queryRows<Row>(
      this.dataSource,
      `SELECT id, public_id, installation_id, customer, shopper FROM checkout_sessions WHERE ${condition}`,
      [...parameters],
    );
    return rows.map((row) => this.opened(row));
  }

  private opened(row: Row): SessionPerson {
    const [customer, shopper] = (['customer', 'shopper'] as const).map((column) => {
      const text = row[column];
      return text === null ? undefined : this.sealer.tryOpen(text, contextOf(column, row.public_id));
    });
    return {
      id: row.id,
      installationId: row.installation_id,
      customer: parsed(customer),
      shopper: parsed(shopper),
      isReadable:
        (row.customer === null) === (customer === undefined) &&
        (row.shopper === null) === (shopper === undefined),
    };
  }
}

function parsed(text: string | undefined): KnownShopper | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as KnownShopper);
}
