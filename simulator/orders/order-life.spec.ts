import { readEnvironment } from '../environment';
import { issueBoleto } from '../boleto/boleto-payment';
import { readCard } from '../payments/card';
import { chargeCard } from '../payments/card-payment';
import { createPix } from '../pix/pix-payment';
import { type Settings } from '../settings/settings';
import { closeSimulator, createSimulator, type Simulator } from '../simulator';
import { type CardPayment, type Order } from './order';
import { ImpossibleAction, type OrderAction, performAction, possibleActions } from './order-actions';

let simulator: Simulator;

beforeEach(() => {
  simulator = createSimulator(readEnvironment({}));
  simulator.clock.stop();
});
afterEach(() => closeSimulator(simulator));

function order(settings: Partial<Settings> = {}): Order {
  Object.assign(simulator.settings, settings);
  const merchant = simulator.merchants.obtain({ externalKey: 'loja' });
  const { customer } = simulator.customers.save(merchant, {
    first_name: 'Ana',
    last_name: 'Lima',
    email: 'ana@example.com',
    phone: '11999990000',
    ip: '127.0.0.1',
  });
  const products = [{ sku: 'a', name: 'A', quantity: 1, unit_value: 10_000 }];
  return simulator.orders.create({
    merchant,
    customer,
    products,
    productsValue: 10_000,
    shippingValue: 500,
    discountValue: 500,
  });
}

function card(target: Order, number = '4000000000000010'): CardPayment {
  const attempt = { card: readCard(number, 'g2'), installments: 1, softDescriptor: null, subscription: null };
  return chargeCard(simulator, target, attempt);
}

function act(target: Order, ...actions: OrderAction[]): void {
  for (const action of actions) performAction(simulator, target, action);
}

function events(): string[] {
  return simulator.desk
    .newest(100)
    .map(({ event }) => event)
    .reverse();
}

function money(target: Order): string[] {
  return simulator.ledger.list(target.id).map(({ kind, cents }) => `${kind} ${cents}`);
}

describe('cards', () => {
  it('charge, and settle at once by default', () => {
    const paid = order();
    card(paid);
    expect(paid).toMatchObject({ status: 'aprovado', settledAt: expect.any(Number) as number });
    expect(events()).toEqual(['order_approved', 'order_paid']);
    expect(money(paid)).toEqual(['charge 10000']);
  });

  it('charge twice if they are let', () => {
    const paid = order();
    card(paid, '4000000000000028');
    card(paid, '4000000000000028');
    act(paid, 'approve');
    expect(money(paid)).toEqual(['charge 10000', 'charge 10000']);
  });

  it('that are only authorised move no money until anti-fraud lets them', () => {
    const waiting = order();
    card(waiting, '4000000000000028');
    expect(waiting.status).toBe('autorizado');
    expect(money(waiting)).toEqual([]);
    // order_paid comes although nothing is paid: Appmax does that.
    expect(events()).toEqual(['order_authorized', 'order_paid']);
    act(waiting, 'refuse');
    expect(waiting.status).toBe('recusado_por_risco');
    expect(events().at(-1)).toBe('order_refused_by_risk');
  });

  it('that anti-fraud refuses afterwards give the money back', () => {
    const paid = order();
    card(paid);
    act(paid, 'refuse');
    expect(money(paid)).toEqual(['charge 10000', 'reversal 10000']);
  });

  it('that are declined cancel the order, which can be paid again', () => {
    const retried = order();
    card(retried, '4000000000000002');
    expect(retried.status).toBe('cancelado');
    card(retried);
    expect(retried.status).toBe('aprovado');
  });

  it.each(['approve', 'refuse'] as const)('are decided by the clock: %s', (decision) => {
    const waiting = order({ anti_fraud_after_seconds: 60, anti_fraud_decision: decision });
    card(waiting, '4000000000000028');
    simulator.clock.advance(60);
    expect(waiting.status).toBe(decision === 'approve' ? 'aprovado' : 'recusado_por_risco');
  });
});

describe('Pix and boleto', () => {
  it('expire and fall due by the clock', () => {
    const pix = order();
    createPix(simulator, pix);
    simulator.clock.advance(1799);
    expect(pix.status).toBe('pendente');
    simulator.clock.advance(1);
    expect(pix.status).toBe('cancelado');

    const boleto = order();
    issueBoleto(simulator, boleto, '52998224725');
    simulator.clock.advance(5 * 86_400);
    expect(boleto.status).toBe('pendente');
    expect(boleto.payments[0]?.state).toBe('overdue');
    expect(events()).toEqual([
      'order_pix_created',
      'order_pix_expired',
      'order_billet_created',
      'order_billet_overdue',
    ]);
  });

  it('that are paid neither expire nor can be paid again', () => {
    const pix = order();
    createPix(simulator, pix);
    act(pix, 'pay');
    simulator.clock.advance(3600);
    expect(pix.status).toBe('aprovado');
    expect(() => {
      act(pix, 'pay');
    }).toThrow(ImpossibleAction);
  });

  it('can be paid both, and then are charged both', () => {
    const twice = order();
    createPix(simulator, twice);
    issueBoleto(simulator, twice, '52998224725');
    act(twice, 'pay', 'pay');
    expect(money(twice)).toEqual(['charge 10000', 'charge 10000']);
    expect(twice.status).toBe('aprovado');
  });

  it('keep an order alive while another of them is open', () => {
    const both = order();
    createPix(simulator, both);
    issueBoleto(simulator, both, '52998224725');
    act(both, 'expire');
    expect(both.status).toBe('pendente');
  });

  it('stay as they are when automatic things are switched off', () => {
    const pix = order({ automatic: false });
    createPix(simulator, pix);
    simulator.clock.advance(86_400);
    expect(pix.status).toBe('pendente');
  });
});

describe('refunds', () => {
  it('give everything back', () => {
    const refunded = order();
    card(refunded);
    act(refunded, 'refund');
    expect(refunded).toMatchObject({ status: 'estornado', refundedAt: expect.any(Number) as number });
    expect(money(refunded)).toEqual(['charge 10000', 'refund 10000']);
    expect(events().at(-1)).toBe('order_refund');
  });

  it('give parts back until nothing is left', () => {
    const refunded = order();
    card(refunded);
    performAction(simulator, refunded, 'partial-refund', { value: 4000 });
    expect(refunded.status).toBe('aprovado');
    expect(events().at(-1)).toBe('order_partial_refund');
    expect(() => {
      performAction(simulator, refunded, 'partial-refund', { value: 6001 });
    }).toThrow('at most 6000 cents');
    performAction(simulator, refunded, 'partial-refund', { value: 6000 });
    expect(refunded.status).toBe('estornado');
  });
});

describe('chargebacks', () => {
  it.each([
    [
      ['chargeback', 'chargeback-win'],
      'chargeback_vencido',
      'chargeback_reversal 10000',
      'order_charge_back_gain',
    ],
    [
      ['chargeback', 'chargeback-lose'],
      'chargeback_perdido',
      'chargeback 10000',
      'order_chargeback_in_treatment',
    ],
    [
      ['chargeback', 'chargeback-dispute', 'chargeback-win'],
      'chargeback_vencido',
      'chargeback_reversal 10000',
      'order_charge_back_gain',
    ],
  ] as const)('%j end in %s', (actions, status, movement, event) => {
    const disputed = order();
    card(disputed);
    act(disputed, ...actions);
    expect(disputed.status).toBe(status);
    expect(money(disputed).at(-1)).toBe(movement);
    expect(events().at(-1)).toBe(event);
  });

  it('open and close by the clock', () => {
    const disputed = order({
      chargeback_after_seconds: 100,
      chargeback_decision_after_seconds: 100,
      chargeback_decision: 'lose',
    });
    card(disputed);
    simulator.clock.advance(100);
    expect(disputed.status).toBe('chargeback_em_tratativa');
    simulator.clock.advance(100);
    expect(disputed.status).toBe('chargeback_perdido');
  });
});

describe('possibleActions', () => {
  it('are none for an order that nobody has tried to pay', () => {
    expect(possibleActions(order())).toEqual([]);
  });

  it('fit the state', () => {
    const paid = order({ settle_after_seconds: null });
    card(paid);
    expect(possibleActions(paid).map(({ action }) => action)).toEqual([
      'refuse',
      'settle',
      'await-integration',
      'integrate',
      'review',
      'refund',
      'partial-refund',
      'chargeback',
    ]);
    act(paid, 'settle', 'await-integration', 'integrate');
    expect(paid.status).toBe('integrado');
    expect(paid.settledAt).not.toBeNull();
  });
});
