import { issueBoleto } from '../boleto/boleto-payment';
import { ImpossibleAction } from '../orders/order-actions';
import { createPix } from '../pix/pix-payment';
import { closeSimulator } from '../simulator';
import { Scene } from '../testing/scene';

let scene: Scene;

beforeEach(() => {
  scene = new Scene();
});
afterEach(() => closeSimulator(scene.simulator));

describe('cards', () => {
  it('an approved card is charged and settled at once by default', () => {
    const paid = scene.order();
    scene.card(paid);
    expect(paid).toMatchObject({ status: 'aprovado', settledAt: expect.any(Number) as number });
    expect(scene.events()).toEqual(['order_approved', 'order_paid']);
    expect(scene.money(paid)).toEqual(['charge 10000']);
  });

  it('two authorized cards of one order are both charged', () => {
    const paid = scene.order();
    scene.card(paid, '4000000000000028');
    scene.card(paid, '4000000000000028');
    scene.act(paid, 'approve');
    expect(scene.money(paid)).toEqual(['charge 10000', 'charge 10000']);
  });

  it('a card that is only authorized moves no money', () => {
    const waiting = scene.order();
    scene.card(waiting, '4000000000000028');
    expect(waiting.status).toBe('autorizado');
    expect(scene.money(waiting)).toEqual([]);
    // Appmax sends order_paid although nothing is paid.
    expect(scene.events()).toEqual(['order_authorized', 'order_paid']);
    scene.act(waiting, 'refuse');
    expect(waiting.status).toBe('recusado_por_risco');
    expect(scene.events().at(-1)).toBe('order_refused_by_risk');
  });

  it('the money of a charged card is returned when anti-fraud refuses it', () => {
    const paid = scene.order();
    scene.card(paid);
    scene.act(paid, 'refuse');
    expect(scene.money(paid)).toEqual(['charge 10000', 'reversal 10000']);
  });

  it('a declined card cancels the order, which can be paid again', () => {
    const retried = scene.order();
    scene.card(retried, '4000000000000002');
    expect(retried.status).toBe('cancelado');
    scene.card(retried);
    expect(retried.status).toBe('aprovado');
  });

  it('an accepted card gives the order the status of card_status_override', () => {
    const approved = scene.order({ card_status_override: 'em_analise' });
    scene.card(approved);
    const authorized = scene.order();
    scene.card(authorized, '4000000000000028');
    expect([approved.status, authorized.status]).toEqual(['em_analise', 'em_analise']);
    expect([scene.money(approved), scene.money(authorized)]).toEqual([['charge 10000'], []]);
  });

  it.each(['approve', 'refuse'] as const)('anti-fraud decides by the clock: %s', (decision) => {
    const waiting = scene.order({ anti_fraud_after_seconds: 60, anti_fraud_decision: decision });
    scene.card(waiting, '4000000000000028');
    scene.simulator.clock.advance(60);
    expect(waiting.status).toBe(decision === 'approve' ? 'aprovado' : 'recusado_por_risco');
  });
});

describe('Pix and boleto', () => {
  it('a Pix expires and a boleto falls due by the clock', () => {
    const pix = scene.order();
    createPix(scene.simulator, pix);
    scene.simulator.clock.advance(1799);
    expect(pix.status).toBe('pendente');
    scene.simulator.clock.advance(1);
    expect(pix.status).toBe('cancelado');

    const boleto = scene.order();
    issueBoleto(scene.simulator, boleto, '52998224725');
    scene.simulator.clock.advance(5 * 86_400);
    expect(boleto.status).toBe('pendente');
    expect(boleto.payments[0]?.state).toBe('overdue');
    expect(scene.events()).toEqual([
      'order_pix_created',
      'order_pix_expired',
      'order_billet_created',
      'order_billet_overdue',
    ]);
  });

  it('a paid Pix neither expires nor can be paid again', () => {
    const pix = scene.order();
    createPix(scene.simulator, pix);
    scene.act(pix, 'pay');
    scene.simulator.clock.advance(3600);
    expect(pix.status).toBe('aprovado');
    expect(() => {
      scene.act(pix, 'pay');
    }).toThrow(ImpossibleAction);
  });

  it('a Pix and a boleto of one order can both be paid, and both are charged', () => {
    const twice = scene.order();
    createPix(scene.simulator, twice);
    issueBoleto(scene.simulator, twice, '52998224725');
    scene.act(twice, 'pay', 'pay');
    expect(scene.money(twice)).toEqual(['charge 10000', 'charge 10000']);
    expect(twice.status).toBe('aprovado');
  });

  it('an expired Pix does not cancel the order while a boleto is open', () => {
    const both = scene.order();
    createPix(scene.simulator, both);
    issueBoleto(scene.simulator, both, '52998224725');
    scene.act(both, 'expire');
    expect(both.status).toBe('pendente');
  });

  it('a Pix does not expire if automatic events are switched off', () => {
    const pix = scene.order({ automatic: false });
    createPix(scene.simulator, pix);
    scene.simulator.clock.advance(86_400);
    expect(pix.status).toBe('pendente');
  });
});
