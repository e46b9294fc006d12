import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config';
import { tooManyWebhooks } from '../errors';
import { WebhookTally } from './webhook-tally';

const MINUTE_MILLISECONDS = 60_000;

/** The part of a minute's bytes that any webhook may use. The rest is for webhooks of orders in the database. */
const OPEN_PART = 0.5;

/** Limits the bytes of webhooks that this instance stores in a minute, because anyone can send webhooks. */
@Injectable()
export class WebhookVolume {
  private readonly limit: number;
  private startedAt = -Infinity;
  private bytes = 0;

  constructor(
    @Inject(CONFIG) { webhookBytesPerMinute }: Config,
    private readonly tally: WebhookTally,
  ) {
    this.limit = webhookBytesPerMinute;
  }

  /** Takes bytes of the part that any webhook may use. @returns false if not enough are left. */
  takeOpen(bytes: number): boolean {
    return this.take(bytes, this.limit * OPEN_PART);
  }

  /**
   * Takes bytes of the part for orders in the database.
   *
   * @throws ApiError 503 with the seconds until the minute ends, if the order is not known or not enough are left.
   */
  takeReserved(bytes: number, isOrderKnown: boolean): void {
    if (isOrderKnown && this.take(bytes, this.limit)) return;
    this.tally.add('over the volume');
    const seconds = (this.startedAt + MINUTE_MILLISECONDS - performance.now()) / 1000;
    throw tooManyWebhooks(Math.max(1, Math.ceil(seconds)));
  }

  private take(bytes: number, limit: number): boolean {
    const now = performance.now();
    if (now - this.startedAt >= MINUTE_MILLISECONDS) {
      this.startedAt = now;
      this.bytes = 0;
    }
    if (this.bytes + bytes > limit) return false;
    this.bytes += bytes;
    return true;
  }
}
