import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { BackgroundLoop } from '../background-loop';
import { withTimeout } from '../with-timeout';
import { type Lease, LEASE_EXPIRY } from './lease';

const RENEWAL_MILLISECONDS = 5_000;
/** The timeout of a renewal. After it, the next renewal uses another connection while the leases are still valid. */
const RENEWAL_TIMEOUT_MILLISECONDS = 5_000;

/** A table whose rows are leased. */
export interface LeasedTable {
  readonly name: string;
  /** The column of {@link Lease.id}, its primary key. */
  readonly idColumn: string;
  /** SQL: further assignments of a renewal. */
  readonly alsoSet?: string;
  /** SQL: a further condition for a renewal; `t` is the alias of the row. */
  readonly onlyIf?: string;
}

/** The leases of several rows, under one token. */
export interface LeaseSet {
  readonly ids: readonly number[];
  readonly token: string;
}

/**
 * Renews the leases that this process holds, every 5 s. If the process is killed, they expire. Each leased table has a
 * provider that extends this class.
 */
export abstract class LeaseKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly held = new Set<LeaseSet>();
  private readonly loop: BackgroundLoop;

  constructor(
    private readonly database: { query(sql: string, parameters: unknown[]): Promise<unknown> },
    private readonly table: LeasedTable,
  ) {
    this.loop = new BackgroundLoop(`leases of ${table.name}`, RENEWAL_MILLISECONDS, async () => {
      if (this.held.size > 0) await withTimeout(this.renew(), RENEWAL_TIMEOUT_MILLISECONDS);
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  /** Stops the renewals when the last HTTP request is finished: it may hold a lease. */
  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** Runs work, and renews the lease until it ends. */
  during<Value>({ id, token }: Lease, work: () => Promise<Value>): Promise<Value> {
    return this.duringAll({ ids: [id], token }, work);
  }

  /** Runs work, and renews a set of leases until it ends. */
  async duringAll<Value>(leases: LeaseSet, work: () => Promise<Value>): Promise<Value> {
    this.held.add(leases);
    try {
      return await work();
    } finally {
      this.held.delete(leases);
    }
  }

  private async renew(): Promise<void> {
    const { name, idColumn, alsoSet, onlyIf } = this.table;
    const held = [...this.held].flatMap(({ ids, token }) => ids.map((id) => ({ id, token })));
    // All statements lock several rows in the order of their ids.
    await this.database.query(
      `WITH held AS (SELECT * FROM unnest($1::bigint[], $2::uuid[]) AS h (id, token)),
       locked AS (
         SELECT t.${idColumn} AS id FROM ${name} t JOIN held ON t.${idColumn} = held.id AND t.lease_token = held.token
         ORDER BY t.${idColumn} FOR UPDATE OF t)
       UPDATE ${name} t SET lease_expires_at = ${LEASE_EXPIRY}${alsoSet === undefined ? '' : `, ${alsoSet}`}
       FROM held JOIN locked ON locked.id = held.id
       WHERE t.${idColumn} = held.id AND t.lease_token = held.token${onlyIf === undefined ? '' : ` AND ${onlyIf}`}`,
      [held.map(({ id }) => id), held.map(({ token }) => token)],
    );
  }
}
