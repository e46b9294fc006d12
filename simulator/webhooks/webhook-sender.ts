import { type SimulatedClock } from '../clock/simulated-clock';
import { type DeliveryAttempt, isDelivered, retryDelay, type WebhookDelivery } from './webhook-delivery';
import { type WebhookTransport } from './webhook-transport';

const IN_FLIGHT = 64;
/** Beyond this the oldest waiting webhook is dropped: a service that is down must not fill our memory. */
const LONGEST_BACKLOG = 20_000;

/** Sends webhooks: many at a time, each tried again after 30 minutes, 2 hours and 4 hours of the clock. */
export class WebhookSender {
  private backlog: WebhookDelivery[] = [];
  private inFlight = 0;
  /** Rows of webhooks that are being sent one after the other. */
  private sequences = 0;
  private retrying = 0;
  private idleWaiters: (() => void)[] = [];
  private generation = 0;

  /** @param timeoutSeconds how long an answer may take, asked before each try */
  constructor(
    private readonly clock: SimulatedClock,
    private readonly transport: WebhookTransport,
    private readonly timeoutSeconds: () => number,
  ) {}

  /** Has a webhook sent as soon as there is room. */
  enqueue(delivery: WebhookDelivery): void {
    delivery.state = 'waiting';
    this.backlog.push(delivery);
    if (this.backlog.length > LONGEST_BACKLOG) {
      const dropped = this.backlog.shift();
      if (dropped !== undefined) dropped.state = 'dropped';
    }
    // The answer to the call that caused the event is on its way first, as it mostly is with the real one.
    setImmediate(() => {
      this.pump();
    });
  }

  /** Sends one after the other, each only when the one before has been answered. */
  async sendInOrder(deliveries: readonly WebhookDelivery[]): Promise<void> {
    this.sequences += 1;
    for (const delivery of deliveries) await this.send(delivery);
    this.sequences -= 1;
    this.pump();
  }

  /** Sends now, whatever became of earlier tries. */
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
    this.pump();
    return attempt;
  }

  /** Settles once nothing is waiting for room or for an answer. Retries and delays are not waited for. */
  async idle(): Promise<void> {
    if (this.isIdle()) return;
    await new Promise<void>((resolve) => this.idleWaiters.push(resolve));
  }

  /** Forgets what waits, and schedules no retry of what is under way. */
  clear(): void {
    this.backlog = [];
    this.retrying = 0;
    this.generation += 1;
    this.pump();
  }

  private isIdle(): boolean {
    return this.inFlight === 0 && this.sequences === 0 && this.backlog.length === 0;
  }

  private pump(): void {
    while (this.inFlight < IN_FLIGHT) {
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
    if (delay === null || this.retrying >= LONGEST_BACKLOG) {
      delivery.state = 'given_up';
      return;
    }
    const at = this.clock.now() + delay * 1000;
    delivery.state = 'retrying';
    delivery.next_attempt_at = new Date(at).toISOString();
    this.retrying += 1;
    this.clock.schedule(at, () => {
      this.retrying -= 1;
      // A resend on demand may have delivered it meanwhile.
      if (delivery.state === 'retrying') this.enqueue(delivery);
    });
  }
}
