import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { parseConfig } from '../../src/config/config';
import { dataSourceOptions } from '../../src/database/data-source-options';
import { TEMPLATE_DATABASE } from './database';
import type { TestHosts } from './program-host';
import { startPostgres, startRedis, type TestServer } from './servers';

declare global {
  var testServers: TestServer<unknown>[];
}

/** Starts one PostgreSQL and one Redis for all end-to-end files; workers find them through the environment. */
export default async function globalSetup(): Promise<void> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  globalThis.testServers = [postgres, redis];
  process.env['TEST_POSTGRES'] = JSON.stringify(postgres.connection);
  process.env['TEST_REDIS'] = JSON.stringify(redis.connection);
  const hosts: TestHosts = {
    directory: mkdtempSync(join(tmpdir(), 'appmax-checkout-hosts-')),
    runId: process.pid,
  };
  process.env['TEST_HOSTS'] = JSON.stringify(hosts);
  const { host, port, username, password } = postgres.connection;
  const { database } = parseConfig({
    DB_HOST: host,
    DB_PORT: String(port),
    DB_USERNAME: username,
    DB_PASSWORD: password,
    DB_DATABASE: TEMPLATE_DATABASE,
  });
  const dataSource = await new DataSource(dataSourceOptions(database)).initialize();
  await dataSource.runMigrations();
  await dataSource.destroy();
}
