import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { queryRows } from '../database';
import { gaugeOf } from '../metrics';

/** Why a webhook was not taken, or why it is worth nothing though it was. */
export type JunkKind = 'without the token' | 'no event' | 'unknown event' | 'turned away';

/** What is counted of webhooks. */
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
      help: 'Webhooks that were stored, as the first of their name for their order or as repeats',
      labelNames: ['outcome'],
      registers,
    });
    this.junk = new Counter({
      name: 'webhooks_junk_total',
      help: 'What came to the webhooks and was refused, or was stored and makes no sense',
      labelNames: ['kind'],
      registers,
    });
    this.setAside = new Counter({
      name: 'webhook_events_set_aside_total',
      help: 'Webhook events that were given up; their rows say why, and they can be replayed',
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
