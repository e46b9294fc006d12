import { Inject, Injectable } from '@nestjs/common';
import { ConcurrencyLimit, QueueFullError } from '../../common/concurrency-limit';
import { CONFIG, type Config } from '../../config';
import { tooManyWebhooks } from '../errors';
import { WebhookTally } from './webhook-tally';

/** Webhooks wait in memory with their bodies; this many are stored within seconds, even on a slow disk. */
const MAXIMUM_WAITING = 2_000;

/** Returns the number of database connections that webhooks may use: a third. The rest is for payments. */
export function shareOf(connections: number): number {
  return Math.max(1, Math.floor(connections / 3));
}

/** Limits the database connections that webhooks use at the same time. */
@Injectable()
export class WebhookConcurrency {
  private readonly limit: ConcurrencyLimit;

  constructor(
    @Inject(CONFIG) { database }: Config,
    private readonly tally: WebhookTally,
  ) {
    this.limit = new ConcurrencyLimit({
      atOnce: shareOf(database.maxOpenConnections),
      waiting: MAXIMUM_WAITING,
    });
  }

  /** Runs work within the limit. @throws ApiError 503 if too many are waiting; otherwise the error of the work. */
  async run<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await this.limit.run(work);
    } catch (error) {
      if (!(error instanceof QueueFullError)) throw error;
      this.tally.add('turned away');
      throw tooManyWebhooks();
    }
  }
}
