import { Inject, Injectable } from '@nestjs/common';
import { ApiError } from '../../common/errors/api-error';
import { NoTurnError, Turns } from '../../common/turns';
import { type Config, CONFIG } from '../../config';
import { WebhookTally } from './webhook-tally';

/** Webhooks wait in memory, with their bodies: some seconds' worth, even where the disk is slow. */
const MAXIMUM_WAITING = 2_000;
const RETRY_AFTER_SECONDS = 30;

/** What webhooks may take of an instance's connections: a third, so that the rest is always the payments'. */
export function shareOf(connections: number): number {
  return Math.max(1, Math.floor(connections / 3));
}

/** 503: more webhooks have come than the database takes. Appmax sends them again. */
export function tooManyWebhooks(): ApiError {
  return new ApiError(503, 'too many webhooks: send it again later', {
    headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) },
  });
}

/** Bounds what webhooks take of the connections to the database, however many come at once. */
@Injectable()
export class WebhookTurns {
  private readonly turns: Turns;

  constructor(
    @Inject(CONFIG) { database }: Config,
    private readonly tally: WebhookTally,
  ) {
    this.turns = new Turns({ atOnce: shareOf(database.maxOpenConnections), waiting: MAXIMUM_WAITING });
  }

  /** @throws ApiError 503 when too many wait already; else what the work throws. */
  async run<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await this.turns.run(work);
    } catch (error) {
      if (!(error instanceof NoTurnError)) throw error;
      this.tally.add('turned away');
      throw tooManyWebhooks();
    }
  }
}
