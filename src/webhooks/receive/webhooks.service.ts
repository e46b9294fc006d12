import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Config, CONFIG } from '../../config';
import { SyncQueue, AssertedStatuses } from '../../orders';
import type { WebhookAnswer } from './delivery.dto';
import { hasNoOrder, isKnown, statusOf } from '../events/event-catalogue';
import { EventStore } from './event-store';
import { readPayload, type ReceivedEvent } from './payload-reader';
import { WebhookMetrics } from '../webhook-metrics';
import { WebhookTally } from './webhook-tally';
import { WebhookConcurrency } from './webhook-concurrency';

/** A webhook's body: parsed, and as it came. */
export interface Delivery {
  readonly body: unknown;
  readonly text: string;
}

/** Receives webhooks: what is answered with 200 is on disk. Nothing but our own database is waited for. */
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
    private readonly metrics: WebhookMetrics,
  ) {}

  /**
   * Stores an event. Where webhooks are taken at their word, its order has the status that follows when this returns;
   * otherwise, and if the order is not here yet, the event waits in the queue.
   *
   * @throws ApiError 400 when the body is no event, 503 when more have come than the database takes.
   */
  async receive({ body, text }: Delivery): Promise<WebhookAnswer> {
    const received = this.read(body);
    return this.concurrency.run(() => this.keep(received, text));
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

  private async keep(received: ReceivedEvent, text: string): Promise<WebhookAnswer> {
    const isFirst = await this.storeFirst(received, text);
    this.metrics.received.inc({ outcome: isFirst ? 'first' : 'repeat' });
    if (isFirst) return { message: 'ok' };
    const isNews = await this.store.storeRepeat(received, text);
    if (isNews) await this.askFor(received);
    return { message: 'already processed' };
  }

  private async storeFirst(received: ReceivedEvent, text: string): Promise<boolean> {
    const { event, appmaxOrderId: orderId } = received;
    const asserted = statusOf(event);
    if (asserted === undefined || orderId === null) {
      const stored = await this.store.store({ received, text, processed: true });
      // It gives its order no status, but something has happened to it: a part was refunded, for example.
      if (stored && !hasNoOrder(event)) await this.askFor(received);
      return stored;
    }
    if (this.config.webhookVerification === 'appmax') {
      return this.store.store({ received, text, processed: false });
    }
    return this.dataSource.transaction(async (manager) => {
      // Locked before the event is stored, as all do who change an order: of copies at once each waits here.
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

  private async askFor({ appmaxOrderId: orderId }: ReceivedEvent): Promise<void> {
    if (orderId !== null) await this.syncQueue.request({ orderId, reason: 'repeat' });
  }
}
