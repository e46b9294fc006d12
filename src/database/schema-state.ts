import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  Logger,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { WITHOUT_DATABASE } from '../common/access/access.decorator';
import { isTableMissing, notReady } from '../common/errors/database-unavailable';
import { queryRows } from './rows';
import { isGoDatabase, TAKE_OVER_FIRST } from './takeover/go-catalogue';

const CHECK_MILLISECONDS = 2_000;

/**
 * Knows if all migrations of this version have run. While some are pending, it checks every 2 s; background work starts
 * only after the last one.
 */
@Injectable()
export class SchemaState implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Database');
  private readonly waiting: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private problem: string | undefined = 'The schema has not been checked yet';

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** The problem of the schema and what to run, in one line; undefined if all migrations have run. */
  get fault(): string | undefined {
    return this.problem;
  }

  /** Runs a function when all migrations have run: now, or later. */
  whenReady(start: () => void): void {
    if (this.problem === undefined) start();
    else this.waiting.push(start);
  }

  /** Counts the pending migrations and all migrations. Unlike TypeORM's own check it creates no table. */
  async countMigrations(): Promise<{ pending: number; all: number }> {
    const known = this.dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
    const ran = new Set((await this.rows()).map(({ name }) => name));
    return { pending: known.filter((name) => !ran.has(name)).length, all: known.length };
  }

  async onModuleInit(): Promise<void> {
    await this.check();
    if (this.problem === undefined) return;
    this.logger.error(this.problem);
    this.checkLater();
  }

  onModuleDestroy(): void {
    clearTimeout(this.timer);
    this.waiting.length = 0;
    this.timer = undefined;
  }

  private checkLater(): void {
    this.timer = setTimeout(() => {
      void this.checkAgain();
    }, CHECK_MILLISECONDS);
  }

  private async checkAgain(): Promise<void> {
    await this.check();
    if (this.timer === undefined) return;
    if (this.problem !== undefined) {
      this.checkLater();
      return;
    }
    this.logger.log('The database is migrated now');
    for (const start of this.waiting.splice(0)) start();
  }

  private async check(): Promise<void> {
    try {
      const { pending, all } = await this.countMigrations();
      if (pending === 0) this.problem = undefined;
      else this.problem = (await isGoDatabase(this.dataSource)) ? TAKE_OVER_FIRST : faultOf(pending, all);
    } catch {
      // The database can't be reached at the moment: what was known before still holds.
    }
  }

  private async rows(): Promise<{ name: string }[]> {
    try {
      return await queryRows<{ name: string }>(this.dataSource, 'SELECT name FROM migrations');
    } catch (error) {
      if (isTableMissing(error) || (await isGoDatabase(this.dataSource))) return [];
      throw error;
    }
  }
}

/** The ways to migrate the database. */
export const MIGRATION_ADVICE =
  'Run: npm run typeorm migration:run (with Docker: make migrate), or start the service with RUN_MIGRATIONS=true';

function faultOf(pending: number, all: number): string {
  return `The database is not migrated: ${pending} of ${all} migrations are pending. ${MIGRATION_ADVICE}`;
}

/** Answers requests that need the database with 503 `not_ready` until all migrations have run. */
@Injectable()
export class SchemaGuard implements CanActivate {
  constructor(
    private readonly schema: SchemaState,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.schema.fault === undefined) return true;
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(WITHOUT_DATABASE, targets) === true)
      return true;
    throw notReady();
  }
}
