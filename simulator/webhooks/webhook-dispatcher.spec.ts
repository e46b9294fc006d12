import { SimulatedClock } from '../clock/simulated-clock';
import { retryDelay } from './webhook-delivery';
import { WebhookDispatcher } from './webhook-dispatcher';
import { webhookRuleSchema } from './webhook-rules';
import { WebhookSender } from './webhook-sender';
import { type TransportResult, WebhookTransport } from './webhook-transport';

/** A transport that answers at once and records the bodies. */
class RecordingTransport extends WebhookTransport {
  readonly sent: string[] = [];
  status: number | null = 200;

  override post(_url: string, body: string): Promise<TransportResult> {
    this.sent.push(body);
    return Promise.resolve({ status: this.status, duration_ms: 1, answer: 'ok', error: null });
  }
}

interface Setup {
  readonly clock: SimulatedClock;
  readonly transport: RecordingTransport;
  readonly sender: WebhookSender;
  readonly dispatcher: WebhookDispatcher;
}

function setup(): Setup {
  const clock = new SimulatedClock();
  clock.stop();
  const transport = new RecordingTransport();
  const sender = new WebhookSender(clock, transport, () => 5);
  return { clock, transport, sender, dispatcher: new WebhookDispatcher(clock, sender) };
}

function dispatch(dispatcher: WebhookDispatcher, ...bodies: string[]): void {
  for (const body of bodies) {
    dispatcher.dispatch({
      event: 'order_paid',
      orderId: 1,
      externalKey: 'loja',
      url: 'http://127.0.0.1:9',
      body,
    });
  }
}

describe('retryDelay', () => {
  it('a webhook is retried after 30 minutes, 2 hours and 4 hours, and then never', () => {
    expect([1, 2, 3, 4].map(retryDelay)).toEqual([1800, 7200, 14_400, null]);
  });
});

describe('WebhookSender', () => {
  it('a webhook that fails is sent four times in 6½ hours of the clock and then given up', async () => {
    const { clock, transport, sender, dispatcher } = setup();
    transport.status = 500;
    dispatch(dispatcher, 'a');
    await sender.idle();
    for (const [wait, tries] of [
      [1799, 1],
      [1, 2],
      [7200, 3],
      [14_400, 4],
      [1_000_000, 4],
    ] as const) {
      clock.advance(wait);
      await sender.idle();
      expect(transport.sent).toHaveLength(tries);
    }
    expect(dispatcher.newest(1)[0]).toMatchObject({ state: 'given_up', next_attempt_at: null });
  });

  it('a delivered webhook is not sent again', async () => {
    const { clock, transport, sender, dispatcher } = setup();
    transport.status = null;
    dispatch(dispatcher, 'a');
    await sender.idle();
    expect(dispatcher.newest(1)[0]).toMatchObject({ state: 'retrying' });
    transport.status = 204;
    clock.advance(1800);
    await sender.idle();
    expect(dispatcher.newest(1)[0]).toMatchObject({ state: 'delivered' });
    clock.advance(100_000);
    await sender.idle();
    expect(transport.sent).toHaveLength(2);
  });
});

describe('webhook rules', () => {
  it('a rule duplicates a webhook', async () => {
    const { transport, sender, dispatcher } = setup();
    dispatcher.rules.add(webhookRuleSchema.parse({ action: 'duplicate', copies: 2, times: 1 }));
    dispatch(dispatcher, 'a', 'b');
    await sender.idle();
    expect(transport.sent.toSorted()).toEqual(['a', 'a', 'a', 'b']);
    expect(dispatcher.newest(10).filter(({ origin }) => origin === 'duplicate')).toHaveLength(2);
  });

  it('a rule delays a webhook by the clock', async () => {
    const { clock, transport, sender, dispatcher } = setup();
    dispatcher.rules.add(webhookRuleSchema.parse({ action: 'delay', seconds: 60, times: 1 }));
    dispatch(dispatcher, 'late', 'prompt');
    await sender.idle();
    expect(transport.sent).toEqual(['prompt']);
    clock.advance(60);
    await sender.idle();
    expect(transport.sent).toEqual(['prompt', 'late']);
  });

  it('a rule drops a webhook', async () => {
    const { transport, sender, dispatcher } = setup();
    dispatcher.rules.add(webhookRuleSchema.parse({ action: 'drop', event: 'order_paid' }));
    dispatch(dispatcher, 'a');
    await sender.idle();
    expect(transport.sent).toEqual([]);
    expect(dispatcher.newest(1)[0]?.state).toBe('dropped');
  });

  it('a rule gathers webhooks and sends the newest first', async () => {
    const { transport, sender, dispatcher } = setup();
    dispatcher.rules.add(webhookRuleSchema.parse({ action: 'reorder', size: 3 }));
    dispatch(dispatcher, 'a', 'b');
    await sender.idle();
    expect(transport.sent).toEqual([]);
    dispatch(dispatcher, 'c');
    await sender.idle();
    expect(transport.sent).toEqual(['c', 'b', 'a']);
  });

  it('a rule holds webhooks until they are released', async () => {
    const { transport, dispatcher } = setup();
    dispatcher.rules.add(webhookRuleSchema.parse({ action: 'hold' }));
    dispatch(dispatcher, 'a', 'b');
    expect(dispatcher.newest(2).map(({ state }) => state)).toEqual(['held', 'held']);
    expect(await dispatcher.release('reverse')).toBe(2);
    expect(transport.sent).toEqual(['b', 'a']);
  });

  it('a rule for one order does not apply to other orders', async () => {
    const { transport, sender, dispatcher } = setup();
    dispatcher.rules.add(webhookRuleSchema.parse({ action: 'drop', order_id: 2 }));
    dispatch(dispatcher, 'a');
    await sender.idle();
    expect(transport.sent).toEqual(['a']);
  });
});
