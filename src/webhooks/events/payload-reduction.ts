import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../../config';
import { handleAgedRows, queryRows, Retention, type StatementRunner } from '../../database';
import { type EventColumns, isReduced, reducePayload } from './reduced-payload';

/** Payloads of a batch; one may have 64 KiB. */
const PAYLOADS = 100;
/** Events that are looked through for those of erased orders, without their payloads. */
const EVENTS = 2_000;
const DAY_SECONDS = 86_400;
/** By then, every transaction that stored an event with a smaller id has ended. */
const SETTLED_SECONDS = 60;

type PayloadRow = EventColumns & { readonly id: number; readonly payload: unknown };

/**
 * Reduces the payloads of webhook events: of old ones, of those that come for an order after its personal data was
 * erased, and of any that are named.
 */
@Injectable()
export class PayloadReduction {
  constructor(
    @Inject(CONFIG) { retention: { webhookPayloadDays } }: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    retention: Retention,
  ) {
    retention.add({ name: 'webhooks of erased orders', batch: () => this.reduceErased() });
    if (webhookPayloadDays === undefined) return;
    const ageSeconds = webhookPayloadDays * DAY_SECONDS;
    retention.add({ name: 'webhook payloads', batch: () => this.reduceOld(ageSeconds) });
  }

  /** Reduces the payloads of events. @returns the ids of those that had more than a reduced payload has. */
  async reduce(ids: readonly number[], runner: StatementRunner = this.dataSource): Promise<number[]> {
    const reduced: number[] = [];
    for (let start = 0; start < ids.length; start += PAYLOADS) {
      const rows = await queryRows<PayloadRow>(
        runner,
        `SELECT id, event, event_type, appmax_order_id, payload FROM webhook_events WHERE id = ANY ($1::bigint[]) ORDER BY id`,
        [ids.slice(start, start + PAYLOADS)],
      );
      const full = rows.filter((row) => !isReduced(row.payload, row));
      await this.write(full, runner);
      reduced.push(...full.map(({ id }) => id));
    }
    return reduced;
  }

  /** The rows are locked in the order of their ids, as the processing of events locks them. */
  private async write(rows: readonly PayloadRow[], runner: StatementRunner): Promise<void> {
    if (rows.length === 0) return;
    await queryRows(
      runner,
      `WITH locked AS (SELECT id FROM webhook_events WHERE id = ANY ($1::bigint[]) ORDER BY id FOR UPDATE)
       UPDATE webhook_events e SET payload = r.payload::json
       FROM unnest($1::bigint[], $2::text[]) AS r (id, payload) JOIN locked USING (id) WHERE e.id = r.id`,
      [rows.map(({ id }) => id), rows.map((row) => JSON.stringify(reducePayload(row.payload, row)))],
    );
  }

  private reduceOld(ageSeconds: number): Promise<boolean> {
    return handleAgedRows<object>(this.dataSource, {
      task: 'webhook_payloads',
      table: 'webhook_events',
      time: 'COALESCE(created_at, processed_at)',
      ageSeconds,
      batchSize: PAYLOADS,
      handle: async (rows, manager) => {
        await this.reduce(
          rows.map(({ id }) => id),
          manager,
        );
      },
    });
  }

  private reduceErased(): Promise<boolean> {
    return handleAgedRows<{ readonly is_erased: boolean }>(this.dataSource, {
      task: 'webhooks_of_erased_orders',
      table: 'webhook_events',
      columns: `EXISTS (SELECT FROM orders o JOIN erased_orders x ON x.order_id = o.id
        WHERE o.appmax_order_id = webhook_events.appmax_order_id) AS is_erased`,
      time: 'COALESCE(created_at, processed_at)',
      ageSeconds: SETTLED_SECONDS,
      batchSize: EVENTS,
      handle: async (rows, manager) => {
        const erased = rows.filter(({ is_erased: isErased }) => isErased);
        await this.reduce(
          erased.map(({ id }) => id),
          manager,
        );
      },
    });
  }
}
