import { DataSource } from 'typeorm';
import { loadConfig } from '../config';
import { dataSourceOptions, withoutQueryTimeout } from './data-source-options';
import { attachEmbeddedPostgres } from './embedded/embedded-postgres';
import { openDatabase } from './open-database';

/** What `npm run typeorm …` works on: the database of the environment, the embedded one included. */
async function commandLineDataSource(): Promise<DataSource> {
  const { database } = await openDatabase(loadConfig().database, attachEmbeddedPostgres);
  return new DataSource(withoutQueryTimeout(dataSourceOptions(database)));
}

export default commandLineDataSource();
