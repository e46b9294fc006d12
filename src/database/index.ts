export { DatabaseModule } from './database.module';
export { DataDirectoryInUseError } from './embedded/data-directory';
export { attachEmbeddedPostgres, startEmbeddedPostgres } from './embedded/embedded-postgres';
export { Notifications } from './notifications';
export { openDatabase, type OpenDatabase } from './open-database';
export { queryRows, type StatementRunner } from './rows';
