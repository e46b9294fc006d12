import type { DatabaseConfig } from '../../config';
import {
  type DatabaseInspection,
  inspectDatabase,
  MIGRATION_ADVICE,
  SessionSettingsError,
} from '../../database';
import { attachEmbeddedPostgres, openDatabase } from '../../embedded-postgres';
import { type FirstSteps, readFirstSteps } from '../../pages';
import { codeOf, failed, type Finding, ok, reasonOf, skipped } from './finding';

const POOLING: Readonly<Record<DatabaseInspection['pooling'], string>> = {
  none: 'connected directly',
  session: 'through a pooler in session mode',
  transaction: 'through a pooler in transaction mode',
};

/** The findings about a database and, if it was reached, the difference of its clock. */
export interface DatabaseFindings {
  readonly findings: readonly Finding[];
  readonly clockAheadSeconds?: number;
  /** Undefined if the tables can't be read. */
  readonly firstSteps?: FirstSteps | undefined;
}

/** Checks that the database can be used and is migrated. */
export async function checkDatabase(config: DatabaseConfig): Promise<DatabaseFindings> {
  try {
    const open = await openDatabase(config, attachEmbeddedPostgres);
    try {
      const inspection = await inspectDatabase(open.database, readFirstSteps);
      return {
        findings: [
          ok('database', `PostgreSQL ${inspection.version}, ${POOLING[inspection.pooling]}`),
          migrationsOf(inspection),
        ],
        clockAheadSeconds: inspection.clockAheadSeconds,
        firstSteps: inspection.rows,
      };
    } finally {
      await open.close();
    }
  } catch (error) {
    const finding =
      error instanceof SessionSettingsError
        ? failed('database', 'the sessions lack a setting', error.message)
        : failed('database', reasonOf(error), adviceFor(error, config));
    return { findings: [finding, skipped('migrations', 'the database can not be used')] };
  }
}

function migrationsOf({ migrations: { pending, all } }: DatabaseInspection): Finding {
  return pending === 0
    ? ok('migrations', `all ${all} have run`)
    : failed('migrations', `${pending} of ${all} are pending`, MIGRATION_ADVICE);
}

function adviceFor(error: unknown, { connection, database, username }: DatabaseConfig): string {
  if (connection === 'embedded') return 'Read data/postgres/postgresql.log, or set DB_DATA_DIR';
  const code = codeOf(error) ?? '';
  if (code === '28P01' || code === '28000') return 'Correct DB_USERNAME and DB_PASSWORD';
  if (code === '3D000')
    return `Create it: CREATE DATABASE "${database}" OWNER "${username}", or correct DB_DATABASE`;
  if (code === '42501') return `Give the role rights: GRANT ALL ON DATABASE "${database}" TO "${username}"`;
  if (code.startsWith('53'))
    return 'PostgreSQL has no connection left: lower DB_MAX_OPEN_CONNS of the instances';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'Correct DB_HOST: its name is unknown here';
  if (/certificate|SSL|TLS/i.test(reasonOf(error)))
    return 'Correct DB_SSLMODE, or let Node trust the certificate: NODE_EXTRA_CA_CERTS';
  return 'Start PostgreSQL, or correct DB_HOST and DB_PORT; a firewall may be in between';
}
