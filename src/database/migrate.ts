import { DataSource, type DataSourceOptions, MigrationExecutor } from 'typeorm';
import { isDatabaseUnavailable } from '../common/errors/database-unavailable';
import { withoutQueryTimeout } from './data-source-options';
import type { StatementRunner } from './rows';
import { isGoDatabase, TAKE_OVER_FIRST } from './takeover/go-catalogue';

/** The advisory lock's number; it must be unique in the database. */
const MIGRATION_LOCK = 712_026_031;

/** Thrown when a migration failed. The message has its name and the cause. */
export class MigrationFailedError extends Error {
  constructor(name: string, cause: unknown) {
    super(
      `The migration ${name} failed: ${cause instanceof Error ? cause.message : String(cause)}. ` +
        'Its changes are undone, those of earlier migrations stay. Mend the cause, and start again.',
      { cause },
    );
  }
}

/** Thrown when the database is that of the Go example, on which no migration can run. */
export class GoDatabaseError extends Error {
  constructor() {
    super(TAKE_OVER_FIRST);
  }
}

/**
 * Runs the pending migrations, on a separate pool without query timeouts. Of several processes that start at once, one
 * migrates; the others wait for it and then have nothing to do.
 *
 * @returns the names of the migrations that this call has run.
 * @throws MigrationFailedError if one failed; GoDatabaseError if the database must be taken over first; other errors if the database can't be reached.
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
    // The lock of a transaction, because behind a pooler a session may change its server between two statements.
    await lock.startTransaction();
    await lockMigrations(lock);
    if (await isGoDatabase(lock)) throw new GoDatabaseError();
    return await run(dataSource);
  } finally {
    if (lock.isTransactionActive) await lock.rollbackTransaction().catch(() => undefined);
    await lock.release();
  }
}

/** Waits until no other process migrates, and keeps others from it until the end of the runner's transaction. */
export async function lockMigrations(runner: StatementRunner): Promise<void> {
  await runner.query('SET LOCAL statement_timeout = 0');
  await runner.query('SET LOCAL idle_in_transaction_session_timeout = 0');
  await runner.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
}

async function run(dataSource: DataSource): Promise<string[]> {
  try {
    const ran = await dataSource.runMigrations();
    return ran.map(({ name }) => name);
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    const [failed] = await new MigrationExecutor(dataSource).getPendingMigrations();
    throw new MigrationFailedError(failed?.name ?? 'of the schema', error);
  }
}
