import { DataSource } from 'typeorm';
import { loadConfig } from '../config';
import { dataSourceOptions, withoutQueryTimeout } from './data-source-options';
import { attachEmbeddedPostgres } from './embedded/embedded-postgres';
import { openDatabase } from './open-database';

/** Opens the data source for `npm run typeorm …`: the configured database, also an embedded one. */
async function commandLineDataSource(): Promise<DataSource> {
  const { database } = await openDatabase(loadConfig().database, attachEmbeddedPostgres);
  return new DataSource(withoutQueryTimeout(dataSourceOptions(database)));
}

export default commandLineDataSource();
