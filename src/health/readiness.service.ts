import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppCache } from '../cache';
import { LoopWatchdog } from '../common/loop-watchdog';
import { OneOf } from '../common/validation/validators';
import { orUndefined } from '../common/with-timeout';
import { SchemaState } from '../database';

/** The state of each part of the service, without host names, error messages or stack traces. */
export class Readiness {
  @OneOf(['ok', 'unavailable'], { description: '`ok` if all parts of the service work.', example: 'ok' })
  readonly status: 'ok' | 'unavailable';

  @OneOf(['up', 'down'], { description: 'State of PostgreSQL.', example: 'up' })
  readonly database: 'up' | 'down';

  @OneOf(['up to date', 'pending', 'unknown'], {
    description: 'State of the schema in PostgreSQL.',
    example: 'up to date',
  })
  readonly migrations: 'up to date' | 'pending' | 'unknown';

  @OneOf(['up', 'down'], { description: 'State of the cache.', example: 'up' })
  readonly cache: 'up' | 'down';

  @OneOf(['running', 'stalled'], {
    description: 'Background work: `stalled` if a loop makes no progress; the log names the loop.',
    example: 'running',
  })
  readonly background: 'running' | 'stalled';
}

/** Checks PostgreSQL, its schema, the cache and the background work. */
@Injectable()
export class ReadinessService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly schema: SchemaState,
    private readonly cache: AppCache,
    private readonly watchdog: LoopWatchdog,
  ) {}

  async check(): Promise<Readiness> {
    const [database, migrations, cacheUp] = await Promise.all([
      orUndefined(this.dataSource.query('SELECT 1').then(() => true)),
      orUndefined(this.schema.countMigrations()),
      orUndefined(this.cache.isReachable()),
    ]);
    const rows = {
      database: database === true ? 'up' : 'down',
      migrations: migrationsState(migrations?.pending),
      cache: cacheUp === true ? 'up' : 'down',
      background: this.watchdog.stalled().length === 0 ? 'running' : 'stalled',
    } as const;
    const ready =
      rows.database === 'up' &&
      rows.migrations === 'up to date' &&
      rows.cache === 'up' &&
      rows.background === 'running';
    return { status: ready ? 'ok' : 'unavailable', ...rows };
  }

  httpStatus({ status }: Readiness): 200 | 503 {
    return status === 'ok' ? 200 : 503;
  }
}

function migrationsState(pending: number | undefined): Readiness['migrations'] {
  if (pending === undefined) return 'unknown';
  return pending === 0 ? 'up to date' : 'pending';
}
