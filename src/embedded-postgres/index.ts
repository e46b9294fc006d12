export { DataDirectoryInUseError } from './data-directory';
export { attachEmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres';
export { type OpenDatabase, openDatabase } from './open-database';
