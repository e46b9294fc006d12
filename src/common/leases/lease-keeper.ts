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
  /** The column of {@link Lease.id}. Several rows with the same value may share a lease. */
  readonly idColumn: string;
  /** SQL: further assignments of a renewal. */
  readonly alsoSet?: string;
  /** SQL: a further condition for a renewal; `t` is the alias of the row. */
  readonly onlyIf?: string;
}

/**
 * Renews the leases that this process holds, every 5 s. If the process is killed, they expire. Each leased table has a
 * provider that extends this class.
 */
export abstract class LeaseKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly held = new Map<string, Lease>();
  private readonly loop: BackgroundLoop;

  constructor(
    private readonly database: { query(sql: string, parameters: unknown[]): Promise<unknown> },
    private readonly table: LeasedTable,
  ) {
    this.loop = new BackgroundLoop(`leases of ${table.name}`, RENEWAL_MILLISECONDS, async () => {
      if (this.held.size > 0)
        await withTimeout(this.renew([...this.held.values()]), RENEWAL_TIMEOUT_MILLISECONDS);
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
  async during<Value>(lease: Lease, work: () => Promise<Value>): Promise<Value> {
    this.held.set(lease.token, lease);
    try {
      return await work();
    } finally {
      this.held.delete(lease.token);
    }
  }

  private async renew(held: readonly Lease[]): Promise<void> {
    const { name, idColumn, alsoSet, onlyIf } = this.table;
    await this.database.query(
      `UPDATE ${name} t SET lease_expires_at = ${LEASE_EXPIRY}${alsoSet === undefined ? '' : `, ${alsoSet}`}
       FROM unnest($1::bigint[], $2::uuid[]) AS held (id, token)
       WHERE t.${idColumn} = held.id AND t.lease_token = held.token${onlyIf === undefined ? '' : ` AND ${onlyIf}`}`,
      [held.map(({ id }) => id), held.map(({ token }) => token)],
    );
  }
}
