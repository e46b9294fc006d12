import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { BackgroundLoop } from '../../common/background-loop';
import { CONFIG, type Config } from '../../config';
import { SchemaState } from '../schema-state';

const ROUND_MILLISECONDS = 10 * 60 * 1000;
/** The rest after a round that left work, as a multiple of its duration: a backlog must leave the database to others. */
const REST_FACTOR = 2;
const SHORTEST_REST_MILLISECONDS = 100;

/** A part of the data that is deleted or reduced when it has reached an age. */
export interface RetentionTask {
  readonly name: string;
  /** Deletes or reduces one batch. @returns true if there may be more */
  readonly batch: () => Promise<boolean>;
}

/**
 * The one loop of an instance that deletes or reduces old data: every 10 minutes, and once at the start. A round does
 * one small batch of each task; while batches are full, the next round follows after a rest.
 */
@Injectable()
export class Retention implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Retention');
  private readonly tasks: RetentionTask[] = [];
  private readonly loop = new BackgroundLoop('Retention', ROUND_MILLISECONDS, () => this.round());

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly schema: SchemaState,
  ) {}

  /** Adds a task. Modules add theirs while the application is built. */
  add(task: RetentionTask): void {
    this.tasks.push(task);
  }

  onApplicationBootstrap(): void {
    if (!this.config.backgroundWork) return;
    this.schema.whenReady(() => {
      this.loop.start();
      this.loop.wake();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  /** Does one batch of each task. A failure of one is logged. @returns the rest in milliseconds, if there may be more. */
  async round(): Promise<number | undefined> {
    const startedAt = performance.now();
    let hasMore = false;
    for (const { name, batch } of this.tasks) {
      try {
        hasMore = (await batch()) || hasMore;
      } catch (error) {
        this.logger.error(
          { err: error },
          `The retention of ${name} failed; it is tried again in the next round`,
        );
      }
    }
    const rest = (performance.now() - startedAt) * REST_FACTOR;
    return hasMore ? Math.max(SHORTEST_REST_MILLISECONDS, rest) : undefined;
  }
}
