import { setTimeout as sleep } from 'node:timers/promises';
import { inWorkSpan } from '../../common/tracing/spans';
import type { EndpointSecrets } from '../endpoints/endpoint-secrets';
import type { AttemptResult, DeliveryQueue, DueDelivery, LeasedEndpoint } from './delivery-queue';
import { signMessage } from './message';
import { pauseAfter } from './schedule';
import type { Attempt, NotificationSender } from './sender';

/** The notifications that are sent to one endpoint at once. */
export const SENT_AT_ONCE = 8;
/** The time after which a session sends no more. The endpoint is leased again if it has due deliveries. */
const SESSION_MILLISECONDS = 30_000;
/** The interval in which a session that is sending looks for further due deliveries. */
const LOOK_MILLISECONDS = 500;

/** The parts that a session uses. */
export interface SessionParts {
  readonly queue: Pick<DeliveryQueue, 'take' | 'settle'>;
  readonly sender: Pick<NotificationSender, 'send'>;
  readonly secrets: Pick<EndpointSecrets, 'open'>;
  /** Returns true if no further notification may be sent. */
  readonly isStopping: () => boolean;
  readonly onAttempt: (result: AttemptResult) => void;
  readonly onDisabled: (endpointId: number) => void;
}

/**
 * Sends the due notifications of one endpoint while this instance holds its lease: up to 8 at once, or one at a time
 * while the endpoint fails, that is after 8 failures in a row. Single failures leave it at 8: otherwise one of them would
 * wait for each slow answer that is under way. Its statements run one after the other.
 */
export class EndpointSession {
  private readonly inFlight = new Map<number, Promise<void>>();
  private readonly results: AttemptResult[] = [];
  private readonly endsAt = performance.now() + SESSION_MILLISECONDS;
  private failuresInRow: number;

  constructor(
    private readonly endpoint: LeasedEndpoint,
    private readonly parts: SessionParts,
  ) {
    this.failuresInRow = endpoint.isFailing ? SENT_AT_ONCE : 0;
  }

  /** Ends when nothing is due, when its time is over, or when the service stops; never while it is sending. */
  async run(): Promise<void> {
    try {
      while ((await this.startDue()) || this.inFlight.size > 0) {
        if (this.inFlight.size > 0)
          await Promise.race([
            ...this.inFlight.values(),
            sleep(LOOK_MILLISECONDS, undefined, { ref: false }),
          ]);
        await this.settle();
      }
    } finally {
      await Promise.all(this.inFlight.values());
      await this.settle();
    }
  }

  /** Starts to send due deliveries. @returns true if there may be more. */
  private async startDue(): Promise<boolean> {
    const free = (this.failuresInRow < SENT_AT_ONCE ? SENT_AT_ONCE : 1) - this.inFlight.size;
    if (free <= 0 || this.parts.isStopping() || performance.now() > this.endsAt) return false;
    // A notification with an answer whose result is not saved yet still looks due in the database.
    const handled = [...this.inFlight.keys(), ...this.results.map(({ id }) => id)];
    const { due, mayHaveMore } = await this.parts.queue.take(this.endpoint, handled, free);
    for (const delivery of due) {
      const sending = this.deliver(delivery).finally(() => this.inFlight.delete(delivery.id));
      this.inFlight.set(delivery.id, sending);
    }
    return mayHaveMore;
  }

  private async deliver(delivery: DueDelivery): Promise<void> {
    const { attempts, traceparent } = delivery;
    const attempt = await inWorkSpan(
      {
        name: 'deliver notification',
        attributes: { 'appmax_checkout.notification': delivery.type },
        // Later attempts, up to days later, are traces of their own.
        ...(attempts === 0 ? { continues: traceparent } : { links: [traceparent] }),
      },
      () => this.send(delivery),
    );
    const result = { id: delivery.id, ...attempt, pauseSeconds: pauseAfter(delivery.attempts + 1) };
    this.results.push(result);
    this.parts.onAttempt(result);
  }

  private async send(delivery: DueDelivery): Promise<Attempt> {
    const secrets = this.parts.secrets.open(this.endpoint.id, [delivery.secret, delivery.previous_secret]);
    if (secrets.length === 0)
      return { isDelivered: false, status: null, error: 'no APP_KEY opens the secret of the endpoint' };
    const { message_id: messageId, type, created_at: at, data } = delivery;
    const message = { id: `msg_${messageId}`, type, at, data };
    try {
      return await this.parts.sender.send(delivery.url, signMessage(message, secrets, new Date()));
    } catch {
      return { isDelivered: false, status: null, error: 'the notification could not be signed' };
    }
  }

  /** Saves the results so far. They are kept until they are saved. */
  private async settle(): Promise<void> {
    const results = [...this.results];
    if (results.length === 0) return;
    const isDisabled = await this.parts.queue.settle(this.endpoint, results);
    this.results.splice(0, results.length);
    for (const { isDelivered } of results) this.failuresInRow = isDelivered ? 0 : this.failuresInRow + 1;
    if (isDisabled) this.parts.onDisabled(this.endpoint.id);
  }
}
