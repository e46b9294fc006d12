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

/** The timeline of a primary, a number that each promotion increases; 0 for a standby, or if sessions may only read. */
const TIMELINE = `SELECT CASE WHEN pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' THEN 0
  ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END AS timeline`;

interface Found {
  readonly address: ServerAddress;
  readonly timeline: number;
}

/** A connection that is closed when another server is found to be the primary. */
export interface Closable {
  close(): void;
}

/**
 * Finds the primary among several servers, before each new connection. Of two primaries, that with the higher timeline is
 * the newer one. A primary with a lower timeline than the last one is refused: it is an old primary that has come back.
 *
 * When another server is found, all connections to the previous one are closed: it may still answer reads, with old rows.
 */
export class Primary {
  private readonly logger = new Logger('Database');
  private last: Found | undefined;
  private search: Promise<Found> | undefined;
  private readonly connections = new Map<Closable, ServerAddress>();
  private searchedAt = -Infinity;

  /** @param connection the options of a connection; host and port are replaced. */
  constructor(
    private readonly servers: readonly ServerAddress[],
    private readonly connection: ClientConfig,
  ) {}

  /** @throws NoPrimaryError if no server is a primary, or none answers within 1.5 s. */
  async find(): Promise<ServerAddress> {
    if (this.search === undefined && this.last !== undefined && this.isFresh()) return this.last.address;
    this.search ??= this.searchAll().finally(() => (this.search = undefined));
    return (await this.search).address;
  }

  /**
   * Closes a new connection as soon as another server is the primary.
   *
   * @param address the result of {@link find} that it was opened with.
   * @returns the function to call when the connection has ended.
   */
  register(connection: Closable, address: ServerAddress): () => void {
    if (this.last !== undefined && this.last.address !== address) connection.close();
    else this.connections.set(connection, address);
    return () => this.connections.delete(connection);
  }

  private isFresh(): boolean {
    return performance.now() - this.searchedAt < RESULT_MILLISECONDS;
  }

  private async searchAll(): Promise<Found> {
    const found: Found[] = [];
    const probes = this.servers.map(async (address) => {
      const timeline = await this.timelineOf(address).catch(() => 0);
      if (timeline === 0 || timeline < (this.last?.timeline ?? 0)) throw new NoPrimaryError();
      found.push({ address, timeline });
    });
    await Promise.any(probes).catch(() => {
      this.searchedAt = -Infinity;
      throw new NoPrimaryError();
    });
    await withTimeout(Promise.allSettled(probes), GRACE_MILLISECONDS).catch(() => undefined);
    const newest = found.reduce((best, each) => (each.timeline > best.timeline ? each : best));
    const { host, port } = newest.address;
    if (this.last?.address !== newest.address) this.logger.log(`The primary is ${host}:${port}`);
    this.last = newest;
    for (const [connection, address] of this.connections) {
      if (address !== newest.address) connection.close();
    }
    this.searchedAt = performance.now();
    return newest;
  }

  private async timelineOf({ host, port }: ServerAddress): Promise<number> {
    const client = new Client({
      ...this.connection,
      host,
      port,
      connectionTimeoutMillis: PROBE_MILLISECONDS,
      query_timeout: PROBE_MILLISECONDS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ timeline: number }>(TIMELINE);
      return rows[0]?.timeline ?? 0;
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
