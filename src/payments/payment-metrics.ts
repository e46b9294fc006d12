import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { queryRows } from '../database';
import { gaugeOf } from '../metrics';

/** The metrics of payments. */
@Injectable()
export class PaymentMetrics {
  readonly settled: Counter<'method' | 'outcome'>;
  readonly lost: Counter<'method'>;
  readonly paidTwice: Counter;
  readonly declinesCounted: Counter<'by'>;
  readonly cardsHeldBack: Counter<'how'>;

  constructor(
    registry: Registry,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {
    const registers = [registry];
    this.settled = new Counter({
      name: 'payments_total',
      help: 'Operations with a known outcome, by kind and outcome',
      labelNames: ['method', 'outcome'],
      registers,
    });
    this.lost = new Counter({
      name: 'payment_answers_lost_total',
      help: 'Operations whose answer was lost; they are settled by reading their order at Appmax',
      labelNames: ['method'],
      registers,
    });
    this.paidTwice = new Counter({
      name: 'sales_paid_twice_total',
      help: 'Sales that were paid twice; a person must refund one of the payments',
      registers,
    });
    this.declinesCounted = new Counter({
      name: 'card_declines_total',
      help: 'Declined cards that count towards the limit of an IP address, an IPv6 network or an order',
      labelNames: ['by'],
      registers,
    });
    this.cardsHeldBack = new Counter({
      name: 'cards_held_back_total',
      help: 'Cards that were delayed or refused after too many declined cards',
      labelNames: ['how'],
      registers,
    });
    gaugeOf(registry, {
      name: 'operations_open',
      help: 'Operations that are running or have an unknown outcome, on all instances together',
      read: () => this.open(),
    });
  }

  private async open(): Promise<Record<string, number>> {
    const rows = await queryRows<{ state: string; count: number }>(
      this.dataSource,
      `SELECT state, count(*)::int AS count FROM operations WHERE state IN ('prepared', 'sent', 'unknown') GROUP BY state`,
    );
    const none = { prepared: 0, sent: 0, unknown: 0 };
    return { ...none, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
  }
}
