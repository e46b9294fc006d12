import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../../config';
import { AssertedStatuses, OrdersService, SyncQueue } from '../../orders';
import { hasNoOrder, isKnown, statusOf } from '../events/event-catalogue';
import { EventProcessor } from '../process/event-processor';
import { WebhookMetrics } from '../webhook-metrics';
import type { WebhookAnswer } from './delivery.dto';
import { EventStore } from './event-store';
import { readPayload, type ReceivedEvent } from './payload-reader';
import { WebhookConcurrency } from './webhook-concurrency';
import { WebhookTally } from './webhook-tally';
import { WebhookVolume } from './webhook-volume';

/** The body of a webhook: parsed, and as received. */
export interface Delivery {
  readonly body: unknown;
  readonly text: string;
}

/** Receives webhooks. What is answered with 200 is stored. It waits only for our own database. */
@Injectable()
export class WebhooksService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly store: EventStore,
    private readonly asserted: AssertedStatuses,
    private readonly syncQueue: SyncQueue,
    private readonly concurrency: WebhookConcurrency,
    private readonly tally: WebhookTally,
    private readonly volume: WebhookVolume,
    private readonly orders: OrdersService,
    private readonly metrics: WebhookMetrics,
    private readonly processor: EventProcessor,
  ) {}

  /**
   * Stores an event. It is not queued if it repeats another one, asserts no status, or has no order id. Any other event
   * is queued, unless `WEBHOOK_VERIFICATION` is `none` and its order is saved already: then its asserted status is
   * applied in the same transaction.
   *
   * @throws ApiError 400 if the body is not an event, 503 if too many webhooks are waiting or were stored.
   */
  async receive({ body, text }: Delivery): Promise<WebhookAnswer> {
    const received = this.read(body);
    const bytes = Buffer.byteLength(text);
    if (this.volume.takeOpen(bytes)) return this.concurrency.run(() => this.save(received, text));
    return this.concurrency.run(async () => {
      this.volume.takeReserved(bytes, await this.isOrderKnown(received));
      return this.save(received, text);
    });
  }

  private async isOrderKnown({ appmaxOrderId: orderId }: ReceivedEvent): Promise<boolean> {
    return orderId !== null && (await this.orders.find(orderId)) !== null;
  }

  private read(body: unknown): ReceivedEvent {
    try {
      const received = readPayload(body);
      if (!isKnown(received.event)) this.tally.add('unknown event');
      return received;
    } catch (error) {
      this.tally.add('no event');
      throw error;
    }
  }

  private async save(received: ReceivedEvent, text: string): Promise<WebhookAnswer> {
    const isFirst = await this.storeFirst(received, text);
    this.metrics.received.inc({ outcome: isFirst ? 'first' : 'repeat' });
    if (isFirst) return { message: 'ok' };
    const isLate = await this.store.storeRepeat(received, text);
    if (isLate) await this.requestSync(received);
    return { message: 'already processed' };
  }

  private async storeFirst(received: ReceivedEvent, text: string): Promise<boolean> {
    const { event, appmaxOrderId: orderId } = received;
    const asserted = statusOf(event);
    if (asserted === undefined || orderId === null) {
      const stored = await this.store.store({ received, text, processed: true });
      // It asserts no status, but its order has changed: a partial refund, for example.
      if (stored && !hasNoOrder(event)) await this.requestSync(received);
      return stored;
    }
    if (this.config.webhookVerification === 'appmax') {
      const stored = await this.store.store({ received, text, processed: false });
      if (stored) this.processor.wake();
      return stored;
    }
    return this.dataSource.transaction(async (manager) => {
      // Like every change of an order, this locks its row first: simultaneous copies wait here.
      const orderStatus = await this.asserted.lock(manager, orderId);
      const stored = await this.store.store(
        { received, text, processed: orderStatus !== undefined },
        manager,
      );
      if (stored && orderStatus !== undefined)
        await this.asserted.add(manager, { orderId, orderStatus, asserted });
      return stored;
    });
  }

  /** Requests a sync of the event's order; of an unknown order, nothing is requested. */
  private async requestSync({ appmaxOrderId: orderId }: ReceivedEvent): Promise<void> {
    // Also the reason for an event without a status: repeats and these use one part of the read budget.
    if (orderId !== null) await this.syncQueue.request({ orderId, reason: 'repeat' });
  }
}
