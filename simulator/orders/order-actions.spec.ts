import { closeSimulator } from '../simulator';
import { Scene } from '../testing/scene';
import { ImpossibleAction, performAction, possibleActions } from './order-actions';

let scene: Scene;

beforeEach(() => {
  scene = new Scene();
});
afterEach(() => closeSimulator(scene.simulator));

describe('refunds', () => {
  it('give everything back', () => {
    const refunded = scene.order();
    scene.card(refunded);
    scene.act(refunded, 'refund');
    expect(refunded).toMatchObject({ status: 'estornado', refundedAt: expect.any(Number) as number });
    expect(scene.money(refunded)).toEqual(['charge 10000', 'refund 10000']);
    expect(scene.events().at(-1)).toBe('order_refund');
  });

  it('give parts back until nothing is left', () => {
    const refunded = scene.order();
    scene.card(refunded);
    performAction(scene.simulator, refunded, 'partial-refund', { value: 4000 });
    expect(refunded.status).toBe('aprovado');
    expect(scene.events().at(-1)).toBe('order_partial_refund');
    expect(() => {
      performAction(scene.simulator, refunded, 'partial-refund', { value: 6001 });
    }).toThrow('at most 6000 cents');
    performAction(scene.simulator, refunded, 'partial-refund', { value: 6000 });
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
    const disputed = scene.order();
    scene.card(disputed);
    scene.act(disputed, ...actions);
    expect(disputed.status).toBe(status);
    expect(scene.money(disputed).at(-1)).toBe(movement);
    expect(scene.events().at(-1)).toBe(event);
  });

  it('open and close by the clock', () => {
    const disputed = scene.order({
      chargeback_after_seconds: 100,
      chargeback_decision_after_seconds: 100,
      chargeback_decision: 'lose',
    });
    scene.card(disputed);
    scene.simulator.clock.advance(100);
    expect(disputed.status).toBe('chargeback_em_tratativa');
    scene.simulator.clock.advance(100);
    expect(disputed.status).toBe('chargeback_perdido');
  });
});

describe('set-status', () => {
  it('puts any text on an order, and tells nothing unless asked', () => {
    const changed = scene.order();
    performAction(scene.simulator, changed, 'set-status', { status: 'em_analise' });
    expect(changed.status).toBe('em_analise');
    expect(scene.events()).toEqual([]);
    performAction(scene.simulator, changed, 'set-status', { status: 'aprovado', webhook: 'order_approved' });
    expect(changed.history.map(({ status }) => status)).toEqual(['pendente', 'em_analise', 'aprovado']);
    expect(scene.events()).toEqual(['order_approved']);
    expect(scene.money(changed)).toEqual([]);
  });

  it('needs a status', () => {
    expect(() => {
      scene.act(scene.order(), 'set-status');
    }).toThrow(ImpossibleAction);
  });
});

describe('possibleActions', () => {
  it('are only a status by hand for an order without a payment', () => {
    expect(possibleActions(scene.order()).map(({ action }) => action)).toEqual(['set-status']);
  });

  it('fit the state', () => {
    const paid = scene.order({ settle_after_seconds: null });
    scene.card(paid);
    expect(possibleActions(paid).map(({ action }) => action)).toEqual([
      'refuse',
      'settle',
      'await-integration',
      'integrate',
      'review',
      'refund',
      'partial-refund',
      'chargeback',
      'set-status',
    ]);
    scene.act(paid, 'settle', 'await-integration', 'integrate');
    expect(paid.status).toBe('integrado');
    expect(paid.settledAt).not.toBeNull();
  });
});
