import { closeSimulator } from '../simulator';
import { SimulatorFixture } from '../testing/simulator-fixture';
import { ImpossibleAction, performAction, possibleActions } from './order-actions';
import { refundableAmount, requestRefund } from './refunds';

let fixture: SimulatorFixture;

beforeEach(() => {
  fixture = new SimulatorFixture();
});
afterEach(() => closeSimulator(fixture.simulator));

describe('refunds', () => {
  it('a total refund returns all the money', () => {
    const refunded = fixture.order();
    fixture.card(refunded);
    fixture.act(refunded, 'refund');
    expect(refunded).toMatchObject({ status: 'estornado', refundedAt: expect.any(Number) as number });
    expect(fixture.money(refunded)).toEqual(['charge 10000', 'refund 10000']);
    expect(fixture.events().at(-1)).toBe('order_refund');
  });

  it('partial refunds return parts of the money until nothing is left', () => {
    const refunded = fixture.order();
    fixture.card(refunded);
    performAction(fixture.simulator, refunded, 'partial-refund', { value: 4000 });
    expect(refunded.status).toBe('aprovado');
    expect(fixture.events().at(-1)).toBe('order_partial_refund');
    expect(() => {
      performAction(fixture.simulator, refunded, 'partial-refund', { value: 6001 });
    }).toThrow('at most 6000 cents');
    performAction(fixture.simulator, refunded, 'partial-refund', { value: 6000 });
    expect(refunded.status).toBe('estornado');
  });
});

describe('denied refunds', () => {
  it.each([
    [[], 'aprovado', 'order_approved'],
    [['integrate'], 'integrado', 'order_integrated'],
    [['await-integration'], 'pendente_integracao', 'order_pending_integration'],
  ] as const)('a refund that is denied after %j returns the order to %s', (actions, status, event) => {
    const denied = fixture.order({ refund_review: true });
    fixture.card(denied);
    fixture.act(denied, ...actions);
    requestRefund(fixture.simulator, denied, 'total', 10_000);
    expect([denied.status, refundableAmount(denied)]).toEqual(['pendente_integracao_em_analise', 0]);
    fixture.act(denied, 'deny-refund');
    expect([denied.status, refundableAmount(denied)]).toEqual([status, 10_000]);
    expect(denied.refunds).toMatchObject([{ completedAt: null, deniedAt: expect.any(Number) as number }]);
    expect(fixture.events().at(-1)).toBe(event);
    expect(fixture.money(denied)).toEqual(['charge 10000']);
  });

  it('a denied refund leaves the order under review while another request is open', () => {
    const denied = fixture.order({ refund_review: true });
    fixture.card(denied);
    requestRefund(fixture.simulator, denied, 'partial', 1000);
    requestRefund(fixture.simulator, denied, 'partial', 2000);
    fixture.act(denied, 'deny-refund');
    expect(denied.status).toBe('pendente_integracao_em_analise');
    fixture.act(denied, 'partial-refund');
    expect(denied.status).toBe('aprovado');
    expect(fixture.money(denied)).toEqual(['charge 10000', 'refund 2000']);
  });

  it('a denied refund without a review changes no status and sends no webhook', () => {
    const denied = fixture.order();
    fixture.card(denied);
    requestRefund(fixture.simulator, denied, 'total', 10_000);
    fixture.act(denied, 'deny-refund');
    expect(denied.status).toBe('aprovado');
    expect(fixture.events()).toEqual(['order_approved', 'order_paid']);
    expect(possibleActions(denied).map(({ action }) => action)).not.toContain('deny-refund');
  });

  it('refunds are denied by the clock unless they were completed before', () => {
    const denied = fixture.order({ refund_review: true, refund_deny_after_seconds: 60 });
    fixture.card(denied);
    const first = requestRefund(fixture.simulator, denied, 'partial', 1000);
    fixture.act(denied, 'partial-refund');
    const second = requestRefund(fixture.simulator, denied, 'partial', 1000);
    fixture.simulator.clock.advance(60);
    expect([first.deniedAt === null, second.deniedAt === null]).toEqual([true, false]);
    expect(denied.status).toBe('aprovado');
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
  ] as const)('a chargeback with the actions %j ends in %s', (actions, status, movement, event) => {
    const disputed = fixture.order();
    fixture.card(disputed);
    fixture.act(disputed, ...actions);
    expect(disputed.status).toBe(status);
    expect(fixture.money(disputed).at(-1)).toBe(movement);
    expect(fixture.events().at(-1)).toBe(event);
  });

  it('chargebacks open and close by the clock', () => {
    const disputed = fixture.order({
      chargeback_after_seconds: 100,
      chargeback_decision_after_seconds: 100,
      chargeback_decision: 'lose',
    });
    fixture.card(disputed);
    fixture.simulator.clock.advance(100);
    expect(disputed.status).toBe('chargeback_em_tratativa');
    fixture.simulator.clock.advance(100);
    expect(disputed.status).toBe('chargeback_perdido');
  });
});

describe('set-status', () => {
  it('set-status accepts any status and sends a webhook only on request', () => {
    const changed = fixture.order();
    performAction(fixture.simulator, changed, 'set-status', { status: 'em_analise' });
    expect(changed.status).toBe('em_analise');
    expect(fixture.events()).toEqual([]);
    performAction(fixture.simulator, changed, 'set-status', {
      status: 'aprovado',
      webhook: 'order_approved',
    });
    expect(changed.history.map(({ status }) => status)).toEqual(['pendente', 'em_analise', 'aprovado']);
    expect(fixture.events()).toEqual(['order_approved']);
    expect(fixture.money(changed)).toEqual([]);
  });

  it('set-status needs a status', () => {
    expect(() => {
      fixture.act(fixture.order(), 'set-status');
    }).toThrow(ImpossibleAction);
  });
});

describe('possibleActions', () => {
  it('an order without a payment allows only set-status', () => {
    expect(possibleActions(fixture.order()).map(({ action }) => action)).toEqual(['set-status']);
  });

  it('a paid order allows the actions of its state', () => {
    const paid = fixture.order({ settle_after_seconds: null });
    fixture.card(paid);
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
    fixture.act(paid, 'settle', 'await-integration', 'integrate');
    expect(paid.status).toBe('integrado');
    expect(paid.settledAt).not.toBeNull();
  });
});
