import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { queryRows } from '../database';
import { gaugeOf } from '../metrics';

/** The reason why a webhook was refused, or `unknown event` for one that was stored. */
export type JunkKind = 'without the token' | 'no event' | 'unknown event' | 'turned away' | 'over the volume';

/** The metrics of webhooks. */
@Injectable()
export class WebhookMetrics {
  readonly received: Counter<'outcome'>;
  readonly junk: Counter<'kind'>;
  readonly setAside: Counter;

  constructor(
    registry: Registry,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {
    const registers = [registry];
    this.received = new Counter({
      name: 'webhooks_received_total',
      help: 'Webhooks that were stored, as the first with their name for their order or as repeats',
      labelNames: ['outcome'],
      registers,
    });
    this.junk = new Counter({
      name: 'webhooks_junk_total',
      help: 'Webhooks that were refused, and stored ones with an unknown event',
      labelNames: ['kind'],
      registers,
    });
    this.setAside = new Counter({
      name: 'webhook_events_set_aside_total',
      help: 'Webhook events that were set aside; their rows have the reason, and they can be replayed',
      registers,
    });
    gaugeOf(registry, {
      name: 'webhook_events_waiting',
      help: 'Webhook events that are not processed yet, on all instances together',
      read: () => this.waiting(),
    });
  }

  private async waiting(): Promise<Record<string, number>> {
    const [row = {}] = await queryRows<Record<string, number>>(
      this.dataSource,
      `SELECT count(*) FILTER (WHERE attempts = 0)::int AS new, count(*) FILTER (WHERE attempts > 0)::int AS tried
       FROM webhook_attempts WHERE next_attempt_at IS NOT NULL`,
    );
    return row;
  }
}
