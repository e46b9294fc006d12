import { DataSource } from 'typeorm';
import { loadCommandConfig } from '../config';
import { attachEmbeddedPostgres, openDatabase } from '../embedded-postgres';
import { dataSourceOptions, directly, withoutQueryTimeout } from './data-source-options';
import { GoDatabaseError } from './migrate';
import { inspectConnection } from './pool/pooler';
import { isGoDatabase } from './takeover/go-catalogue';

/**
 * Opens the data source for `npm run typeorm …`: the configured database, also an embedded one.
 *
 * @throws GoDatabaseError if the database is that of the Go example, which TypeORM can't read.
 */
async function commandLineDataSource(): Promise<DataSource> {
  const { database } = await openDatabase(loadCommandConfig().database, attachEmbeddedPostgres);
  const own = directly(database);
  const options = withoutQueryTimeout(dataSourceOptions(own, await inspectConnection(own)));
  const inspected = await new DataSource({ ...options, entities: [], migrations: [] }).initialize();
  try {
    if (await isGoDatabase(inspected)) throw new GoDatabaseError();
  } finally {
    await inspected.destroy();
  }
  return new DataSource(options);
}

export default commandLineDataSource();
