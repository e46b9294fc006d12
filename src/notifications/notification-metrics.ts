import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { queryRows } from '../database';
import { gaugeOf } from '../metrics';

/** The metrics of notifications. */
@Injectable()
export class NotificationMetrics {
  readonly attempts: Counter<'outcome'>;
  readonly disabled: Counter;

  constructor(
    registry: Registry,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {
    const registers = [registry];
    this.attempts = new Counter({
      name: 'notification_attempts_total',
      help: 'Attempts to deliver a notification to an endpoint',
      labelNames: ['outcome'],
      registers,
    });
    this.disabled = new Counter({
      name: 'notification_endpoints_disabled_total',
      help: 'Endpoints that were disabled because they failed for three days',
      registers,
    });
    gaugeOf(registry, {
      name: 'notifications_open',
      help: 'Deliveries that are not done yet, on all instances together',
      read: () => this.open(),
    });
  }

  private async open(): Promise<Record<string, number>> {
    const [row = {}] = await queryRows<Record<string, number>>(
      this.dataSource,
      `SELECT count(*) FILTER (WHERE attempts = 0)::int AS new, count(*) FILTER (WHERE attempts > 0)::int AS tried
       FROM notification_deliveries WHERE delivered_at IS NULL`,
    );
    return row;
  }
}
