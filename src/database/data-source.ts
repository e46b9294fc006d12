import { DataSource } from 'typeorm';
import { loadCommandConfig } from '../config';
import { dataSourceOptions, directly, withoutQueryTimeout } from './data-source-options';
import { attachEmbeddedPostgres } from './embedded/embedded-postgres';
import { openDatabase } from './open-database';
import { inspectConnection } from './pool/pooler';

/** Opens the data source for `npm run typeorm …`: the configured database, also an embedded one. */
async function commandLineDataSource(): Promise<DataSource> {
  const { database } = await openDatabase(loadCommandConfig().database, attachEmbeddedPostgres);
  const own = directly(database);
  return new DataSource(withoutQueryTimeout(dataSourceOptions(own, await inspectConnection(own))));
}

export default commandLineDataSource();
