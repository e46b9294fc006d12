import { DataSource, Migration, MigrationExecutor, type MigrationInterface, type QueryRunner } from 'typeorm';
import type { DatabaseConfig } from '../../config';
import { dataSourceOptions, directly, withoutQueryTimeout } from '../data-source-options';
import { lockMigrations } from '../migrate';
import { inspectConnection } from '../pool/pooler';
import { queryRows, type StatementRunner } from '../rows';
import { compareCatalogue, isGoDatabase, KEPT_TABLE, TABLES } from './go-catalogue';
import { adaptRows, countRows, digestRows, type RowCounts } from './go-rows';

/** The time that the takeover waits for the tables, which a running Go example may use. */
const LOCK_TIMEOUT = '10s';
const LOCK_NOT_AVAILABLE = '55P03';

/** The migrations that create the three tables, which the Go example has created already. */
const DONE_BY_GO = 3;

/** Thrown when a database can't be taken over. The message says why; nothing is changed. */
export class TakeoverError extends Error {}

/** A database of the Go example: its rows, and what the takeover can't handle. */
export interface GoDatabase {
  readonly counts: RowCounts;
  /** One line each; empty if the database can be taken over. */
  readonly differences: readonly string[];
}

/** The part of the takeover that the database module does not know. */
export interface TakeoverSteps {
  /** Seals the credentials of all installations, in the transaction of the takeover. */
  readonly seal: (runner: StatementRunner) => Promise<void>;
  /** Is called before each step. */
  readonly onStep: (step: string) => void;
}

/** Takes over the database of the Go example: it becomes one of this service, and keeps all rows. */
export class Takeover {
  private constructor(private readonly dataSource: DataSource) {}

  /** Connects to the database, to its own address if there is a pooler. */
  static async open(config: DatabaseConfig): Promise<Takeover> {
    const own = directly(config);
    const options = dataSourceOptions(own, await inspectConnection(own));
    return new Takeover(await new DataSource(withoutQueryTimeout(options)).initialize());
  }

  close(): Promise<void> {
    return this.dataSource.destroy();
  }

  /**
   * Compares the database with that of the Go example, in a transaction that can't write and blocks no other program.
   *
   * @param check is called in the same transaction. It returns further differences.
   * @returns undefined if the database is one of this service already.
   * @throws TakeoverError if it is neither.
   */
  async inspect(
    check: (runner: StatementRunner) => Promise<readonly string[]>,
  ): Promise<GoDatabase | undefined> {
    return this.inTransaction(async (runner) => {
      await runner.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      if (!(await hasGoMigrations(runner))) return undefined;
      const { differences } = await compareCatalogue(runner);
      if (differences.some((line) => line.endsWith(' is missing'))) return { counts: NO_ROWS, differences };
      return {
        counts: await countRows(runner),
        differences: [...differences, ...(await check(runner))],
      };
    });
  }

  /**
   * Takes the database over in one transaction: keeps Goravel's table under another name, adapts tables and rows, seals
   * the credentials, and runs all migrations.
   *
   * @returns the number of migrations that ran; undefined if the database is one of this service already.
   * @throws TakeoverError, and what `seal` throws; the database is then as it was before.
   */
  async run({ seal, onStep }: TakeoverSteps): Promise<number | undefined> {
    return this.inTransaction(async (runner) => {
      await lockMigrations(runner);
      if (!(await hasGoMigrations(runner))) return undefined;
      const { differences, statements } = await compareCatalogue(runner);
      if (differences.length > 0) throw new TakeoverError(textOfDifferences(differences));
      await lockTables(runner);
      const before = await digestRows(runner);
      onStep(`Keep Goravel's table migrations as ${KEPT_TABLE}`);
      await keepGoMigrations(runner);
      onStep('Adapt the tables and rows');
      await adaptRows(runner);
      onStep('Seal the credentials of merchants');
      await seal(runner);
      for (const statement of statements) await runner.query(statement);
      onStep('Run the migrations');
      const ran = await runMigrations(this.dataSource, runner);
      if ((await digestRows(runner)) !== before)
        throw new TakeoverError('A migration has changed rows of the Go example; nothing was taken over');
      return ran;
    });
  }

  private async inTransaction<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      const result = await work(runner);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }
}

/** Returns the text of an error that lists the differences. */
export function textOfDifferences(differences: readonly string[]): string {
  const lines = differences.map((line) => `  - ${line}`);
  return `This is not quite the database of the Go example. Mend these differences first:\n${lines.join('\n')}`;
}

const NO_ROWS: RowCounts = {
  installations: 0,
  orders: 0,
  webhookEvents: 0,
  repeats: 0,
  waiting: 0,
  withoutOrder: 0,
  withEmptyTexts: 0,
};

/** Returns false if the database is one of this service. @throws TakeoverError if it is neither this nor Goravel's. */
async function hasGoMigrations(runner: StatementRunner): Promise<boolean> {
  if (await isGoDatabase(runner)) return true;
  const [found] = await queryRows<{ isOurs: boolean }>(
    runner,
    `SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('migrations') AND attname = 'timestamp') AS "isOurs"`,
  );
  if (found?.isOurs === true) return false;
  throw new TakeoverError(
    'This database has no table migrations with the columns id, migration and batch: it is not that of the Go example. ' +
      'An empty database needs no takeover: npm run typeorm migration:run',
  );
}

/** Keeps all other programs from the tables until the end of the transaction. */
async function lockTables(runner: QueryRunner): Promise<void> {
  await runner.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
  try {
    const tables = ['migrations', ...Object.keys(TABLES)];
    await runner.query(`LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE`);
  } catch (error) {
    if ((error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
    throw new TakeoverError(
      `Another program uses the tables, and did not leave them within ${LOCK_TIMEOUT}: stop the Go example first`,
      { cause: error },
    );
  }
  await runner.query('SET LOCAL lock_timeout = 0');
}

/** Renames Goravel's table with its sequence and its constraints, so that TypeORM can create its own. */
async function keepGoMigrations(runner: QueryRunner): Promise<void> {
  const constraints = await queryRows<{ name: string }>(
    runner,
    `SELECT quote_ident(conname) AS name FROM pg_constraint WHERE conrelid = to_regclass('migrations') AND contype <> 'n'`,
  );
  const [sequence] = await queryRows<{ name: string | null }>(
    runner,
    `SELECT pg_get_serial_sequence('migrations', 'id') AS name`,
  );
  for (const [index, { name }] of constraints.entries()) {
    const kept = index === 0 ? `${KEPT_TABLE}_pkey` : `${KEPT_TABLE}_${index}`;
    await runner.query(`ALTER TABLE migrations RENAME CONSTRAINT ${name} TO ${kept}`);
  }
  if (typeof sequence?.name === 'string')
    await runner.query(`ALTER SEQUENCE ${sequence.name} RENAME TO ${KEPT_TABLE}_id_seq`);
  await runner.query(`ALTER TABLE migrations RENAME TO ${KEPT_TABLE}`);
}

/** Runs all migrations but the first three, which are recorded only. @returns the number of those that ran. */
async function runMigrations(dataSource: DataSource, runner: QueryRunner): Promise<number> {
  const executor = new MigrationExecutor(dataSource, runner);
  const created: MigrationInterface = { up: () => Promise.resolve(), down: () => Promise.resolve() };
  const pending = await executor.getPendingMigrations();
  for (const { timestamp, name } of pending.slice(0, DONE_BY_GO))
    await executor.executeMigration(new Migration(undefined, timestamp, name, created));
  for (const migration of pending.slice(DONE_BY_GO)) {
    try {
      await executor.executeMigration(migration);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new TakeoverError(`The migration ${migration.name} failed: ${reason}. Nothing was taken over`, {
        cause: error,
      });
    }
  }
  return pending.length - DONE_BY_GO;
}
