import { Global, Logger, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { LogText } from '../common/log-text';
import { CONFIG, type Config, type DatabaseConfig } from '../config';
import { dataSourceOptions, directly } from './data-source-options';
import { DueWork } from './due-work';
import { GoDatabaseError, migrate, MigrationFailedError } from './migrate';
import { Notifications } from './notifications';
import { withNotices } from './pool/notices';
import { PoolMetrics } from './pool/pool-metrics';
import { checkSession, inspectConnection, SessionSettingsError } from './pool/pooler';
import { keepTraces } from './pool/statement-spans';
import { watchPool } from './pool/watch-pool';
import { Retention } from './retention/retention';
import { SchemaState } from './schema-state';

/** The database module: TypeORM on PostgreSQL. It runs the migrations at start if the configuration says so. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [CONFIG],
      useFactory: ({ database }: Config) => ({
        ...dataSourceOptions(database),
        databaseConfig: database,
        // Nest would call these failed connections, and try nine times.
        toRetry: (error: unknown) =>
          ![GoDatabaseError, MigrationFailedError, SessionSettingsError].some(
            (type) => error instanceof type,
          ),
      }),
      dataSourceFactory: (options) =>
        openDataSource((options as unknown as { databaseConfig: DatabaseConfig }).databaseConfig),
    }),
  ],
  providers: [DueWork, Notifications, PoolMetrics, Retention, SchemaState],
  exports: [DueWork, Notifications, Retention, SchemaState],
})
export class DatabaseModule {}

/** Finds out how the database is reached, migrates it if the configuration says so, and opens the pool. */
async function openDataSource(config: DatabaseConfig): Promise<DataSource> {
  const logger = new Logger('Database');
  const connectivity = await inspectConnection(config);
  if (config.runMigrations) {
    // Our own migrate() takes a lock. TypeORM's `migrationsRun` would run twice if two processes start at once.
    const ran = await migrate(
      config.direct === undefined
        ? dataSourceOptions(config, connectivity)
        : dataSourceOptions(directly(config)),
    );
    logger.log(ran.length === 0 ? 'The schema is up to date' : new LogText(`Migrated: ${ran.join(', ')}`));
  }
  const dataSource = await new DataSource(
    withNotices(dataSourceOptions(config, connectivity), connectivity.pooling === 'none'),
  ).initialize();
  watchPool(dataSource, logger);
  keepTraces(dataSource);
  try {
    const query = (sql: string): Promise<unknown> => dataSource.query(sql);
    await checkSession(config, connectivity.pooling, { query, logger });
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  return dataSource;
}
