export { DatabaseModule } from './database.module';
export { DataDirectoryInUseError } from './embedded/data-directory';
export { attachEmbeddedPostgres, startEmbeddedPostgres } from './embedded/embedded-postgres';
export { Notifications } from './notifications';
export { MigrationFailedError } from './migrate';
export { openDatabase, type OpenDatabase } from './open-database';
export { SchemaGuard, SchemaState } from './schema-state';
export { SessionSettingsError } from './pooler';
export { queryRows, type StatementRunner } from './rows';
