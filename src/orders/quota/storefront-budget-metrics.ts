import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../../config';
import { queryRows } from '../../database';
import { gaugeOf } from '../../metrics';

/** The metrics of the calls to Appmax that callers without a secret key cause. */
@Injectable()
export class StorefrontBudgetMetrics {
  readonly refused: Counter<'reason'>;

  constructor(
    registry: Registry,
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {
    this.refused = new Counter({
      name: 'storefront_calls_refused_total',
      help: 'Requests that were refused because of the daily calls to Appmax: of the shop (budget), of the address (share) or of the checkout session (session)',
      labelNames: ['reason'],
      registers: [registry],
    });
    gaugeOf(registry, {
      name: 'storefront_budget_used_ratio',
      help: 'Used part of the daily calls to Appmax that storefronts may cause, of the shop that has used most of it',
      read: () => this.used(),
    });
  }

  private async used(): Promise<Record<string, number>> {
    const [row] = await queryRows<{ calls: number }>(
      this.dataSource,
      `SELECT coalesce(max(calls), 0)::int AS calls FROM storefront_calls WHERE caller = 'all' AND day = now()::date`,
    );
    return { busiest_shop: (row?.calls ?? 0) / this.config.appmax.storefrontCalls.perDay };
  }
}
