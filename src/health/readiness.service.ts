import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppCache } from '../cache';
import { LoopWatchdog } from '../common/loop-watchdog';
import { orUndefined } from '../common/or-undefined';
import { OneOf } from '../common/validation/validators';

/** One row each, in words that tell no host, name or stack. */
export class Readiness {
  @OneOf(['ok', 'unavailable'], { description: 'Whether the service can work.', example: 'ok' })
  readonly status: 'ok' | 'unavailable';

  @OneOf(['up', 'down'], { description: 'PostgreSQL.', example: 'up' })
  readonly database: 'up' | 'down';

  @OneOf(['up to date', 'pending', 'unknown'], { description: 'Its schema.', example: 'up to date' })
  readonly migrations: 'up to date' | 'pending' | 'unknown';

  @OneOf(['up', 'down'], { description: 'The cache.', example: 'up' })
  readonly cache: 'up' | 'down';

  @OneOf(['running', 'stalled'], {
    description:
      'The work beside the requests: stalled when some of it has come to a halt; the log names it.',
    example: 'running',
  })
  readonly background: 'running' | 'stalled';
}

/** Tells whether what the service stands on is there, and whether its background work goes on. */
@Injectable()
export class ReadinessService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly cache: AppCache,
    private readonly watchdog: LoopWatchdog,
  ) {}

  async check(): Promise<Readiness> {
    const [database, pending, cacheUp] = await Promise.all([
      orUndefined(this.dataSource.query('SELECT 1').then(() => true)),
      orUndefined(this.dataSource.showMigrations()),
      orUndefined(this.cache.isReachable()),
    ]);
    const rows = {
      database: database === true ? 'up' : 'down',
      migrations: pending === undefined ? 'unknown' : pending ? 'pending' : 'up to date',
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
