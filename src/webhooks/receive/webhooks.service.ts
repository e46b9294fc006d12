import { Injectable } from '@nestjs/common';
import { currentTraceparent } from '../../common/tracing/spans';
import { isKnown } from '../events/event-catalogue';
import type { WebhookAnswer } from './delivery.dto';
import { EventGroups } from './event-groups';
import { readPayload, type ReceivedEvent } from './payload-reader';
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
    private readonly groups: EventGroups,
    private readonly tally: WebhookTally,
    private readonly volume: WebhookVolume,
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
    if (!this.volume.takeOpen(bytes))
      this.volume.takeReserved(bytes, await this.isOrderKnown(received, bytes));
    const stored = await this.groups.store({ received, text, traceparent: currentTraceparent() }, bytes);
    return { message: stored === 'first' ? 'ok' : 'already processed' };
  }

  private async isOrderKnown({ appmaxOrderId: orderId }: ReceivedEvent, bytes: number): Promise<boolean> {
    return orderId !== null && (await this.groups.isOrderKnown(orderId, bytes));
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
}
