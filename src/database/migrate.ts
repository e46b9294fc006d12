import { DataSource, type DataSourceOptions } from 'typeorm';
import { withoutQueryTimeout } from './data-source-options';

/** Any number that no other program on the same database takes an advisory lock on. */
const MIGRATION_LOCK = 712_026_031;

/**
 * Runs the migrations that have not run yet, on connections of their own whose queries have no time limit. Of several
 * processes that start at once, one migrates and the others wait for it and find nothing left to do.
 *
 * @returns the names of the migrations that this call has run.
 */
export async function migrate(options: DataSourceOptions): Promise<string[]> {
  const dataSource = await new DataSource(withoutQueryTimeout(options)).initialize();
  try {
    return await migrateUnderLock(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

async function migrateUnderLock(dataSource: DataSource): Promise<string[]> {
  const lock = dataSource.createQueryRunner();
  try {
    // A lock of the session, not of a transaction: each migration has a transaction of its own.
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const ran = await dataSource.runMigrations();
    return ran.map(({ name }) => name);
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await lock.release();
  }
}
