export { DatabaseModule } from './database.module';
export { DataDirectoryInUseError } from './embedded/data-directory';
export { attachEmbeddedPostgres, startEmbeddedPostgres } from './embedded/embedded-postgres';
export { MigrationFailedError } from './migrate';
export { Notifications } from './notifications';
export { type OpenDatabase, openDatabase } from './open-database';
export { SessionSettingsError } from './pool/pooler';
export { queryRows, type StatementRunner } from './rows';
export { SchemaGuard, SchemaState } from './schema-state';
