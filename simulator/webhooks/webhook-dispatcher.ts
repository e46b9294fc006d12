import { type SimulatedClock } from '../clock/simulated-clock';
import { RingBuffer } from '../common/ring-buffer';
import { type WebhookDelivery } from './webhook-delivery';
import { type WebhookRule, WebhookRules } from './webhook-rules';
import { type WebhookSender } from './webhook-sender';

const KEPT_DELIVERIES = 5000;

/** A webhook to be sent. */
export interface Outgoing {
  readonly event: string;
  readonly orderId: number | null;
  readonly externalKey: string | null;
  readonly url: string;
  readonly body: string;
}

/** The order in which held webhooks are released. */
export type ReleaseOrder = 'as_made' | 'reverse' | 'shuffle';

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, rank: Math.random() }))
    .sort((left, right) => left.rank - right.rank)
    .map(({ item }) => item);
}

/** Dispatches webhooks: keeps their log and applies the rules that delay, copy, hold, reorder or drop them. */
export class WebhookDispatcher {
  readonly rules = new WebhookRules();
  private readonly log = new RingBuffer<WebhookDelivery>(KEPT_DELIVERIES);
  private readonly gathered = new Map<number, WebhookDelivery[]>();
  private held: WebhookDelivery[] = [];
  private lastId = 0;

  constructor(
    private readonly clock: SimulatedClock,
    private readonly sender: WebhookSender,
  ) {}

  /** Dispatches a webhook that an event caused. A rule can delay, copy, hold, reorder or drop it. */
  dispatch(outgoing: Outgoing): void {
    const delivery = this.record(outgoing, 'event');
    const rule = this.rules.ruleFor(delivery);
    if (rule === undefined) this.sender.enqueue(delivery);
    else this.applyRule(rule, delivery, outgoing);
  }

  /** Records a forged webhook and sends it now. Rules do not apply. */
  async forge(outgoing: Outgoing): Promise<WebhookDelivery> {
    const delivery = this.record(outgoing, 'forged');
    await this.sender.send(delivery);
    return delivery;
  }

  /** Sends a webhook again now. Rules do not apply. */
  async resend(delivery: WebhookDelivery): Promise<WebhookDelivery> {
    await this.sender.send(delivery);
    return delivery;
  }

  /** Sends the held webhooks one after the other, each when the one before has been answered. */
  async release(order: ReleaseOrder): Promise<number> {
    const held = [...this.held, ...[...this.gathered.values()].flat()];
    this.held = [];
    this.gathered.clear();
    const ordered = { as_made: held, reverse: held.toReversed(), shuffle: shuffled(held) }[order];
    await this.sender.sendInOrder(ordered);
    return held.length;
  }

  find(id: number): WebhookDelivery | undefined {
    return this.log.find((delivery) => delivery.id === id);
  }

  newest(limit: number, matches: (delivery: WebhookDelivery) => boolean = () => true): WebhookDelivery[] {
    return this.log.newestFirst().filter(matches).slice(0, limit);
  }

  /** Clears the log, the rules and the waiting webhooks. */
  clear(): void {
    this.log.clear();
    this.rules.clear();
    this.held = [];
    this.gathered.clear();
    this.sender.clear();
  }

  private record(outgoing: Outgoing, origin: WebhookDelivery['origin']): WebhookDelivery {
    this.lastId += 1;
    const delivery: WebhookDelivery = {
      id: this.lastId,
      event: outgoing.event,
      order_id: outgoing.orderId,
      external_key: outgoing.externalKey,
      url: outgoing.url,
      body: outgoing.body,
      origin,
      created_at: new Date(this.clock.now()).toISOString(),
      state: 'waiting',
      next_attempt_at: null,
      attempts: [],
    };
    this.log.push(delivery);
    return delivery;
  }

  private applyRule(rule: WebhookRule, delivery: WebhookDelivery, outgoing: Outgoing): void {
    switch (rule.action) {
      case 'drop':
        delivery.state = 'dropped';
        return;
      case 'hold':
        delivery.state = 'held';
        this.held.push(delivery);
        return;
      case 'delay':
        this.delay(delivery, rule.seconds);
        return;
      case 'duplicate':
        this.sender.enqueue(delivery);
        for (let copy = 0; copy < rule.copies; copy += 1)
          this.sender.enqueue(this.record(outgoing, 'duplicate'));
        return;
      case 'reorder':
        this.gather(rule, delivery);
    }
  }

  private delay(delivery: WebhookDelivery, seconds: number): void {
    const at = this.clock.now() + seconds * 1000;
    delivery.next_attempt_at = new Date(at).toISOString();
    this.clock.schedule(at, () => {
      delivery.next_attempt_at = null;
      this.sender.enqueue(delivery);
    });
  }

  private gather(rule: WebhookRule, delivery: WebhookDelivery): void {
    delivery.state = 'held';
    const gathered = [...(this.gathered.get(rule.id) ?? []), delivery];
    if (gathered.length < rule.size) {
      this.gathered.set(rule.id, gathered);
      return;
    }
    this.gathered.delete(rule.id);
    void this.sender.sendInOrder(gathered.toReversed());
  }
}
