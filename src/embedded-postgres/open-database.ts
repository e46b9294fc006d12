import type { DatabaseConfig } from '../config';
import type { EmbeddedPostgresOptions } from './cluster';
import type { RunningPostgres } from './embedded-postgres';

/** The configuration of a reachable database, and the function that closes it. */
export interface OpenDatabase {
  readonly database: DatabaseConfig;
  /** Resolves when what the server accepts is safe: see {@link RunningPostgres}. */
  readonly synced: Promise<void>;
  /** Stops the embedded server, if this process started one; call it after the pool is closed. */
  close(): Promise<void>;
}

/**
 * Provides a database server: the configured one or, for `DB_CONNECTION=embedded`, one that `start` starts or finds.
 */
export async function openDatabase(
  database: DatabaseConfig,
  start: (options: EmbeddedPostgresOptions) => Promise<RunningPostgres>,
): Promise<OpenDatabase> {
  if (database.connection === 'postgres') {
    return { database, synced: Promise.resolve(), close: () => Promise.resolve() };
  }
  const server = await start(database);
  const { host, port, password, dataDirectory, synced } = server;
  return {
    database: { ...database, host, port, password, dataDirectory },
    synced,
    close: () => server.stop(),
  };
}
