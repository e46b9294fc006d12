import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../config';
import { dataSourceOptions } from './data-source-options';
import { checkSession, inspectConnection } from './pool/pooler';
import { queryRow, type StatementRunner } from './rows';
import { SchemaState } from './schema-state';

/** The state of a database, as a diagnosis shows it. */
export interface DatabaseInspection {
  readonly version: string;
  readonly pooling: 'none' | 'session' | 'transaction';
  readonly migrations: { readonly pending: number; readonly all: number };
  /** Seconds by which the clock of this process is ahead of the server's; negative: behind. */
  readonly clockAheadSeconds: number;
}

/**
 * Connects to a database as the service does, and reads its state. Changes nothing.
 *
 * @param readRows reads something else from the tables; called only if no migration is pending.
 * @throws SessionSettingsError if the sessions lack settings; errors of pg if the database can't be reached.
 */
export async function inspectDatabase<Rows>(
  config: DatabaseConfig,
  readRows: (database: StatementRunner) => Promise<Rows>,
): Promise<DatabaseInspection & { readonly rows?: Rows }> {
  const connectivity = await inspectConnection(config);
  const options = dataSourceOptions(
    { ...config, maxOpenConnections: 1, maxIdleConnections: 0 },
    connectivity,
  );
  const dataSource = await new DataSource(options).initialize();
  try {
    await checkSession(config, connectivity.pooling, {
      query: (sql) => dataSource.query(sql),
      logger: new Logger('Database'),
    });
    const migrations = await new SchemaState(dataSource).countMigrations();
    const begin = Date.now();
    const row = await queryRow<{ version: string; milliseconds: number }>(
      dataSource,
      `SELECT current_setting('server_version') AS version,
         (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS milliseconds`,
    );
    const middle = (begin + Date.now()) / 2;
    return {
      version: row.version,
      pooling: connectivity.pooling,
      migrations,
      clockAheadSeconds: (middle - row.milliseconds) / 1000,
      ...(migrations.pending === 0 ? { rows: await readRows(dataSource) } : {}),
    };
  } finally {
    await dataSource.destroy();
  }
}
