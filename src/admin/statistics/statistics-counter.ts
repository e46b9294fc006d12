import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { BackgroundLoop } from '../../common/background-loop';
import { CONFIG, type Config } from '../../config';
import { DueWork, queryRows, SchemaState } from '../../database';
import { PAID_STATUSES } from '../../orders';
import { COUNT_QUEUED } from './statistics-sql';

/** The pause between full batches: the statistics leave most of the database's time to requests. */
const BUSY_MILLISECONDS = 100;

const BATCH = 2_000;

/** The number of the advisory lock; it must be unique in the database. */
const COUNTER_LOCK = 7_243_001;

/** Counts changed orders in the statistics, in the background. One instance at a time does it. */
@Injectable()
export class StatisticsCounter implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop = new BackgroundLoop('Statistics', Infinity, async () =>
    (await this.countQueued()) < BATCH ? undefined : BUSY_MILLISECONDS,
  );

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly schema: SchemaState,
    private readonly dueWork: DueWork,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.backgroundWork) return;
    this.schema.whenReady(() => {
      this.loop.start();
      this.dueWork.wakeIf('EXISTS (SELECT FROM statistics_queue)', () => {
        this.loop.wake();
      });
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  /** Counts one batch of queued orders. @returns the number of entries taken; 0 if another instance is counting. */
  async countQueued(batch = BATCH): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      const [lock] = await queryRows<{ held: boolean }>(
        manager,
        'SELECT pg_try_advisory_xact_lock($1) AS held',
        [COUNTER_LOCK],
      );
      if (lock?.held !== true) return 0;
      // A statement of its own: its snapshot contains what the last holder of the lock has committed.
      const [taken] = await queryRows<{ count: number }>(manager, COUNT_QUEUED, [batch, [...PAID_STATUSES]]);
      return taken?.count ?? 0;
    });
  }
}
