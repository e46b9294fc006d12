import { DataSource, type DataSourceOptions } from 'typeorm';
import { withoutQueryTimeout } from './data-source-options';

/** The advisory lock's number; it must be unique in the database. */
const MIGRATION_LOCK = 712_026_031;

/**
 * Runs the pending migrations, on a separate pool without query timeouts. Of several processes that start at once, one
 * migrates; the others wait for it and then have nothing to do.
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
    // A session lock, because each migration runs in its own transaction.
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const ran = await dataSource.runMigrations();
    return ran.map(({ name }) => name);
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await lock.release();
  }
}
