import { BackgroundLoop } from '../background-loop';
import { withTimeout } from '../with-timeout';
import { LEASE_EXPIRY, type Lease } from './lease';

const RENEWAL_MILLISECONDS = 5_000;
/** A renewal that takes longer is not waited for: the next one uses another connection, and the lease still stands. */
const LONGEST_RENEWAL_MILLISECONDS = 5_000;

/** A table whose rows are leased. */
export interface LeasedTable {
  readonly name: string;
  /** The column that a lease's `id` names; several rows may share it, and their lease. */
  readonly idColumn: string;
  /** SQL of further assignments of a renewal. */
  readonly alsoSet?: string;
  /** SQL of a further condition for a renewal; `t` is the row. */
  readonly onlyIf?: string;
}

/** Renews the leases that this process holds. They expire when it is killed. */
export class LeaseKeeper {
  private readonly held = new Map<string, Lease>();
  private readonly loop: BackgroundLoop;

  constructor(
    private readonly database: { query(sql: string, parameters: unknown[]): Promise<unknown> },
    private readonly table: LeasedTable,
  ) {
    this.loop = new BackgroundLoop(`leases of ${table.name}`, RENEWAL_MILLISECONDS, async () => {
      if (this.held.size > 0)
        await withTimeout(this.renew([...this.held.values()]), LONGEST_RENEWAL_MILLISECONDS);
    });
  }

  start(): void {
    this.loop.start();
  }

  /** Ends the renewals. Users call it once the last HTTP request has drained: in onApplicationShutdown. */
  async stop(): Promise<void> {
    await this.loop.stop();
  }

  /** Holds a lease for as long as the work takes. */
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
