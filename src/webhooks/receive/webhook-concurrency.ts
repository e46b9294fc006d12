import { Inject, Injectable } from '@nestjs/common';
import { ApiError } from '../../common/errors/api-error';
import { QueueFullError, ConcurrencyLimit } from '../../common/concurrency-limit';
import { type Config, CONFIG } from '../../config';
import { WebhookTally } from './webhook-tally';

/** Webhooks wait in memory, with their bodies: some seconds' worth, even where the disk is slow. */
const MAXIMUM_WAITING = 2_000;
const RETRY_AFTER_SECONDS = 30;

/** The number of database connections that webhooks may use: a third, so that the rest is left to payments. */
export function shareOf(connections: number): number {
  return Math.max(1, Math.floor(connections / 3));
}

/** 503: more webhooks wait than the queue holds. Appmax sends them again. */
export function tooManyWebhooks(): ApiError {
  return new ApiError(503, 'too many webhooks: send it again later', {
    headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) },
  });
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

  /** @throws ApiError 503 when too many wait already; else what the work throws. */
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
