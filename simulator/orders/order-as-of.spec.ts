import { createPix } from '../pix/pix-payment';
import { closeSimulator } from '../simulator';
import { SimulatorFixture } from '../testing/simulator-fixture';
import { capturedAmount, mainPayment, type Order } from './order';
import { orderAsOf } from './order-as-of';
import { record } from './order-context';

let fixture: SimulatorFixture;

beforeEach(() => {
  fixture = new SimulatorFixture();
});
afterEach(() => closeSimulator(fixture.simulator));

/** Returns what an order showed some seconds ago. */
function shown(order: Order, secondsAgo: number): unknown[] {
  const past = orderAsOf(order, fixture.simulator.clock.now() - secondsAgo * 1000);
  const payment = mainPayment(past);
  const isPaid = payment !== undefined && payment.paidAt !== null;
  return [past.status, payment?.method ?? null, isPaid, capturedAmount(past), past.refundedAt !== null];
}

describe('orderAsOf', () => {
  it('orderAsOf shows each earlier state of an order', () => {
    const order = fixture.order();
    const wait = (): void => {
      fixture.simulator.clock.advance(10);
    };
    wait();
    createPix(fixture.simulator, order);
    wait();
    fixture.act(order, 'pay');
    wait();
    fixture.act(order, 'refund');
    wait();
    expect(shown(order, 0)).toEqual(['estornado', 'pix', true, 10_000, true]);
    expect(shown(order, 15)).toEqual(['aprovado', 'pix', true, 10_000, false]);
    expect(shown(order, 25)).toEqual(['pendente', 'pix', false, 0, false]);
    expect(shown(order, 35)).toEqual(['pendente', null, false, 0, false]);
    expect(shown(order, 600)).toEqual(['pendente', null, false, 0, false]);
  });

  it('orderAsOf shows money that anti-fraud has returned since then', () => {
    const order = fixture.order();
    fixture.card(order);
    fixture.simulator.clock.advance(10);
    fixture.act(order, 'refuse');
    expect(shown(order, 5)).toEqual(['aprovado', 'credit_card', true, 10_000, false]);
    expect(shown(order, 0)).toEqual(['recusado_por_risco', 'credit_card', true, 0, false]);
  });

  it('orderAsOf shows the time of the last change up to that instant', () => {
    const order = fixture.order();
    const { createdAt } = order;
    fixture.simulator.clock.advance(10);
    fixture.card(order);
    expect(orderAsOf(order, createdAt + 9_999).updatedAt).toBe(createdAt);
    expect(orderAsOf(order, createdAt + 10_000).updatedAt).toBe(createdAt + 10_000);
  });
});

it('an order keeps its creation and the newest 199 entries of its history', () => {
  const order = fixture.order();
  for (let step = 0; step < 300; step += 1) {
    record(fixture.simulator, order, 'pendente', `step ${step}`);
  }
  expect(order.history).toHaveLength(200);
  expect([order.history[0]?.cause, order.history[1]?.cause, order.history.at(-1)?.cause]).toEqual([
    'order created',
    'step 101',
    'step 299',
  ]);
});
