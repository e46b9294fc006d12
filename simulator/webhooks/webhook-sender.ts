import { type SimulatedClock } from '../clock/simulated-clock';
import { type DeliveryAttempt, isDelivered, retryDelay, type WebhookDelivery } from './webhook-delivery';
import { type WebhookTransport } from './webhook-transport';

const MAX_IN_FLIGHT = 64;
/** Longest queue, so that a service that is down does not fill the memory. Beyond it the oldest webhook is dropped. */
const MAX_BACKLOG = 20_000;

/** Sends queued webhooks, at most 64 at once. Retries after 30 minutes, 2 hours and 4 hours of the clock. */
export class WebhookSender {
  private backlog: WebhookDelivery[] = [];
  private inFlight = 0;
  /** Number of `sendInOrder` calls that are running. */
  private sequences = 0;
  private retrying = 0;
  private idleWaiters: (() => void)[] = [];
  private generation = 0;

  /** @param timeoutSeconds returns the timeout of a response; called before each attempt */
  constructor(
    private readonly clock: SimulatedClock,
    private readonly transport: WebhookTransport,
    private readonly timeoutSeconds: () => number,
  ) {}

  /** Queues a webhook, which is sent when fewer than 64 are in flight. */
  enqueue(delivery: WebhookDelivery): void {
    delivery.state = 'waiting';
    this.backlog.push(delivery);
    if (this.backlog.length > MAX_BACKLOG) {
      const dropped = this.backlog.shift();
      if (dropped !== undefined) dropped.state = 'dropped';
    }
    // Lets the response to the call that caused the event go first, as it usually does at Appmax.
    setImmediate(() => {
      this.sendQueued();
    });
  }

  /** Sends webhooks one after the other, each when the one before has been answered. */
  async sendInOrder(deliveries: readonly WebhookDelivery[]): Promise<void> {
    this.sequences += 1;
    for (const delivery of deliveries) await this.send(delivery);
    this.sequences -= 1;
    this.sendQueued();
  }

  /** Sends a webhook now, whatever the results of earlier attempts were. */
  async send(delivery: WebhookDelivery): Promise<DeliveryAttempt> {
    const generation = this.generation;
    this.inFlight += 1;
    delivery.state = 'sending';
    delivery.next_attempt_at = null;
    const at = new Date(this.clock.now()).toISOString();
    const result = await this.transport.post(delivery.url, delivery.body, this.timeoutSeconds() * 1000);
    const attempt: DeliveryAttempt = { at, ...result };
    delivery.attempts.push(attempt);
    this.inFlight -= 1;
    if (isDelivered(attempt)) delivery.state = 'delivered';
    else if (generation === this.generation) this.retryLater(delivery);
    this.sendQueued();
    return attempt;
  }

  /** Resolves when no webhook is queued or in flight. Does not wait for retries and delays. */
  async idle(): Promise<void> {
    if (this.isIdle()) return;
    await new Promise<void>((resolve) => this.idleWaiters.push(resolve));
  }

  /** Clears the queue and schedules no retries of the webhooks in flight. */
  clear(): void {
    this.backlog = [];
    this.retrying = 0;
    this.generation += 1;
    this.sendQueued();
  }

  private isIdle(): boolean {
    return this.inFlight === 0 && this.sequences === 0 && this.backlog.length === 0;
  }

  /** Sends queued webhooks while fewer than 64 are in flight, and resolves `idle` if none is left. */
  private sendQueued(): void {
    while (this.inFlight < MAX_IN_FLIGHT) {
      const delivery = this.backlog.shift();
      if (delivery === undefined) break;
      void this.send(delivery);
    }
    if (!this.isIdle()) return;
    const waiters = this.idleWaiters;
    this.idleWaiters = [];
    for (const resolve of waiters) resolve();
  }

  private retryLater(delivery: WebhookDelivery): void {
    const delay = retryDelay(delivery.attempts.length);
    if (delay === null || this.retrying >= MAX_BACKLOG) {
      delivery.state = 'given_up';
      return;
    }
    const at = this.clock.now() + delay * 1000;
    delivery.state = 'retrying';
    delivery.next_attempt_at = new Date(at).toISOString();
    this.retrying += 1;
    this.clock.schedule(at, () => {
      this.retrying -= 1;
      // A resend may have delivered it in the meantime.
      if (delivery.state === 'retrying') this.enqueue(delivery);
    });
  }
}
