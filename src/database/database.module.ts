import { Global, Logger, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../config';
import { dataSourceOptions } from './data-source-options';
import { migrate, MigrationFailedError } from './migrate';
import { Notifications } from './notifications';
import { PoolMetrics } from './pool-metrics';
import { SchemaState } from './schema-state';
import { watchPool } from './watch-pool';

/** The database module: TypeORM on PostgreSQL. It runs the migrations at start if the configuration says so. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [CONFIG],
      useFactory: ({ database }: Config) => ({
        ...dataSourceOptions(database),
        migrationsRun: database.runMigrations,
        // Nest would call a failed migration a failed connection, and run it nine times.
        toRetry: (error: unknown) => !(error instanceof MigrationFailedError),
      }),
      dataSourceFactory: async (options) => {
        if (options === undefined) throw new Error('TypeORM asked for a connection without options');
        const logger = new Logger('Database');
        // Our own migrate() takes a lock. TypeORM's `migrationsRun` would run twice if two processes start at once.
        const ownOptions = { ...options, migrationsRun: false };
        if (options.migrationsRun === true) {
          const ran = await migrate(ownOptions);
          logger.log(ran.length === 0 ? 'The schema is up to date' : `Migrated: ${ran.join(', ')}`);
        }
        const dataSource = await new DataSource(ownOptions).initialize();
        watchPool(dataSource, logger);
        return dataSource;
      },
    }),
  ],
  providers: [Notifications, PoolMetrics, SchemaState],
  exports: [Notifications, SchemaState],
})
export class DatabaseModule {}
