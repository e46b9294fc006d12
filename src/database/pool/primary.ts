import { Logger } from '@nestjs/common';
import { Client, type ClientConfig } from 'pg';
import { withTimeout } from '../../common/with-timeout';

/** The address of a PostgreSQL server. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

const PROBE_MILLISECONDS = 1_500;
/** How long the search waits for other servers after it has found a primary: two may consider themselves the primary. */
const GRACE_MILLISECONDS = 200;
/** How long a result is used for further connections. */
const RESULT_MILLISECONDS = 1_000;

/** The timeline of a primary, a number that each promotion increases (0: a standby, or it only reads), and its clock. */
const STATE = `SELECT CASE WHEN pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' THEN 0
  ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END AS timeline,
  extract(epoch FROM clock_timestamp())::float8 AS "clockSeconds"`;

/** A larger difference between the clocks of two primaries is logged: leases and waits are counted by their clocks. */
const CLOCK_DIFFERENCE_SECONDS = 2;

/** A server that takes writes. */
export interface Found {
  readonly address: ServerAddress;
  readonly timeline: number;
  /** The seconds by which the server's clock is ahead of this process's. */
  readonly clockAhead: number;
}

/** A connection that is closed when a newer primary is found. */
export interface Closable {
  close(): void;
}

/**
 * Finds the primary among several servers, before each new connection. Of two primaries, that with the higher timeline is
 * the newer one. A primary with a lower timeline than the last one is refused: it is an old primary that has come back.
 *
 * When a newer primary is found, all connections to the previous one are closed: it may still answer reads, with old rows.
 */
export class Primary {
  private readonly logger = new Logger('Database');
  private last: Found | undefined;
  private search: Promise<Found> | undefined;
  /** The open connections, with the timelines of their servers. */
  private readonly connections = new Map<Closable, number>();
  private searchedAt = -Infinity;

  /** @param connection the options of a connection; host and port are replaced. */
  constructor(
    private readonly servers: readonly ServerAddress[],
    private readonly connection: ClientConfig,
  ) {}

  /** @throws NoPrimaryError if no server is a primary, or none answers within 1.5 s. */
  async find(): Promise<Found> {
    if (this.search === undefined && this.last !== undefined && this.isFresh()) return this.last;
    this.search ??= this.searchAll().finally(() => (this.search = undefined));
    return this.search;
  }

  /**
   * Closes a new connection as soon as a server with a higher timeline is the primary.
   *
   * @param timeline that of the server, as {@link find} has returned it.
   * @returns the function to call when the connection has ended.
   */
  register(connection: Closable, timeline: number): () => void {
    this.connections.set(connection, timeline);
    this.closeOutdated();
    return () => this.connections.delete(connection);
  }

  private closeOutdated(): void {
    for (const [connection, timeline] of this.connections) {
      if (timeline < (this.last?.timeline ?? 0)) connection.close();
    }
  }

  private isFresh(): boolean {
    return performance.now() - this.searchedAt < RESULT_MILLISECONDS;
  }

  private async searchAll(): Promise<Found> {
    const found: Found[] = [];
    const probes = this.servers.map(async (address) => {
      const server = await this.look(address);
      if (server.timeline === 0 || server.timeline < (this.last?.timeline ?? 0)) throw new NoPrimaryError();
      found.push(server);
    });
    await Promise.any(probes).catch(() => {
      this.searchedAt = -Infinity;
      throw new NoPrimaryError();
    });
    await withTimeout(Promise.allSettled(probes), GRACE_MILLISECONDS).catch(() => undefined);
    const newest = this.newestOf(found);
    this.report(newest);
    this.last = newest;
    this.closeOutdated();
    this.searchedAt = performance.now();
    return newest;
  }

  /** Returns the server with the highest timeline. Of one server with two addresses, the last one used is kept. */
  private newestOf(found: readonly Found[]): Found {
    return found.reduce((best, each) => {
      if (each.timeline !== best.timeline) return each.timeline > best.timeline ? each : best;
      return each.address === this.last?.address ? each : best;
    });
  }

  private report({ address, clockAhead }: Found): void {
    const { last } = this;
    if (last?.address === address) return;
    this.logger.log(`The primary is ${address.host}:${address.port}`);
    const difference = clockAhead - (last?.clockAhead ?? clockAhead);
    if (Math.abs(difference) > CLOCK_DIFFERENCE_SECONDS)
      this.logger.error(
        `The clock of the primary differs by ${difference.toFixed(1)} s from that of the previous one: ` +
          'leases and payments with an unknown outcome may be judged too early or too late',
      );
  }

  private async look(address: ServerAddress): Promise<Found> {
    const client = new Client({
      ...this.connection,
      ...address,
      connectionTimeoutMillis: PROBE_MILLISECONDS,
      query_timeout: PROBE_MILLISECONDS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ timeline: number; clockSeconds: number }>(STATE);
      const { timeline = 0, clockSeconds = 0 } = rows[0] ?? {};
      return { address, timeline, clockAhead: clockSeconds - Date.now() / 1000 };
    } finally {
      void client.end().catch(() => undefined);
    }
  }
}

/** Thrown when no server can be written to. The code is PostgreSQL's own for a server that accepts no connections now. */
export class NoPrimaryError extends Error {
  readonly code = '57P03';

  constructor() {
    super('None of the servers in DB_HOST is a primary that answers');
  }
}

/** Thrown for a connection to a standby: what is read there may be older than what was written. */
export class StandbyError extends Error {
  readonly code = '57P03';

  constructor() {
    super('The server is a standby: only the primary is used');
  }
}
