import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { gaugeOf } from '../../metrics/gauge-of';

/** What is counted of payments. */
@Injectable()
export class PaymentMetrics {
  readonly settled: Counter<'method' | 'outcome'>;
  readonly lost: Counter<'method'>;
  readonly declinesCounted: Counter<'by'>;
  readonly cardsHeldBack: Counter<'how'>;

  constructor(
    registry: Registry,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {
    const registers = [registry];
    this.settled = new Counter({
      name: 'payments_total',
      help: 'Payments whose outcome is known, by method and outcome',
      labelNames: ['method', 'outcome'],
      registers,
    });
    this.lost = new Counter({
      name: 'payment_answers_lost_total',
      help: 'Payments whose answer was lost; they are settled by asking what became of their order',
      labelNames: ['method'],
      registers,
    });
    this.declinesCounted = new Counter({
      name: 'card_declines_total',
      help: 'Declined cards that count against an address or an order',
      labelNames: ['by'],
      registers,
    });
    this.cardsHeldBack = new Counter({
      name: 'cards_held_back_total',
      help: 'Cards that were tried later or not at all, because many were declined before',
      labelNames: ['how'],
      registers,
    });
    gaugeOf(registry, {
      name: 'payment_attempts_open',
      help: 'Payments under way, and those whose outcome nobody knows yet, on all instances together',
      read: () => this.open(),
    });
  }

  private async open(): Promise<Record<string, number>> {
    const [row = {}] = await this.dataSource.query<Record<string, number>[]>(
      `SELECT count(*) FILTER (WHERE state = 'started')::int AS started, count(*) FILTER (WHERE state = 'unknown')::int AS unknown
       FROM payment_attempts WHERE settled_at IS NULL`,
    );
    return row;
  }
}
