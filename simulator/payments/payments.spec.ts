import { issueBoleto } from '../boleto/boleto-payment';
import { ImpossibleAction } from '../orders/order-actions';
import { createPix } from '../pix/pix-payment';
import { closeSimulator } from '../simulator';
import { SimulatorFixture } from '../testing/simulator-fixture';

let fixture: SimulatorFixture;

beforeEach(() => {
  fixture = new SimulatorFixture();
});
afterEach(() => closeSimulator(fixture.simulator));

describe('cards', () => {
  it('an approved card is charged and settled at once by default', () => {
    const paid = fixture.order();
    fixture.card(paid);
    expect(paid).toMatchObject({ status: 'aprovado', settledAt: expect.any(Number) as number });
    expect(fixture.events()).toEqual(['order_approved', 'order_paid']);
    expect(fixture.money(paid)).toEqual(['charge 10000']);
  });

  it('two authorized cards of one order are both charged', () => {
    const paid = fixture.order();
    fixture.card(paid, '4000000000000028');
    fixture.card(paid, '4000000000000028');
    fixture.act(paid, 'approve');
    expect(fixture.money(paid)).toEqual(['charge 10000', 'charge 10000']);
  });

  it('a card that is only authorized moves no money', () => {
    const waiting = fixture.order();
    fixture.card(waiting, '4000000000000028');
    expect(waiting.status).toBe('autorizado');
    expect(fixture.money(waiting)).toEqual([]);
    // Appmax sends order_paid although nothing is paid.
    expect(fixture.events()).toEqual(['order_authorized', 'order_paid']);
    fixture.act(waiting, 'refuse');
    expect(waiting.status).toBe('recusado_por_risco');
    expect(fixture.events().at(-1)).toBe('order_refused_by_risk');
  });

  it('the money of a charged card is returned when anti-fraud refuses it', () => {
    const paid = fixture.order();
    fixture.card(paid);
    fixture.act(paid, 'refuse');
    expect(fixture.money(paid)).toEqual(['charge 10000', 'reversal 10000']);
  });

  it('a declined card cancels the order, which can be paid again', () => {
    const retried = fixture.order();
    fixture.card(retried, '4000000000000002');
    expect(retried.status).toBe('cancelado');
    fixture.card(retried);
    expect(retried.status).toBe('aprovado');
  });

  it('an accepted card gives the order the status of card_status_override', () => {
    const approved = fixture.order({ card_status_override: 'em_analise' });
    fixture.card(approved);
    const authorized = fixture.order();
    fixture.card(authorized, '4000000000000028');
    expect([approved.status, authorized.status]).toEqual(['em_analise', 'em_analise']);
    expect([fixture.money(approved), fixture.money(authorized)]).toEqual([['charge 10000'], []]);
  });

  it.each(['approve', 'refuse'] as const)('anti-fraud decides by the clock: %s', (decision) => {
    const waiting = fixture.order({ anti_fraud_after_seconds: 60, anti_fraud_decision: decision });
    fixture.card(waiting, '4000000000000028');
    fixture.simulator.clock.advance(60);
    expect(waiting.status).toBe(decision === 'approve' ? 'aprovado' : 'recusado_por_risco');
  });
});

describe('Pix and boleto', () => {
  it('a Pix expires and a boleto falls due by the clock', () => {
    const pix = fixture.order();
    createPix(fixture.simulator, pix);
    fixture.simulator.clock.advance(1799);
    expect(pix.status).toBe('pendente');
    fixture.simulator.clock.advance(1);
    expect(pix.status).toBe('cancelado');

    const boleto = fixture.order();
    issueBoleto(fixture.simulator, boleto, '52998224725');
    fixture.simulator.clock.advance(5 * 86_400);
    expect(boleto.status).toBe('pendente');
    expect(boleto.payments[0]?.state).toBe('overdue');
    expect(fixture.events()).toEqual([
      'order_pix_created',
      'order_pix_expired',
      'order_billet_created',
      'order_billet_overdue',
    ]);
  });

  it('a paid Pix neither expires nor can be paid again', () => {
    const pix = fixture.order();
    createPix(fixture.simulator, pix);
    fixture.act(pix, 'pay');
    fixture.simulator.clock.advance(3600);
    expect(pix.status).toBe('aprovado');
    expect(() => {
      fixture.act(pix, 'pay');
    }).toThrow(ImpossibleAction);
  });

  it('a Pix and a boleto of one order can both be paid, and both are charged', () => {
    const twice = fixture.order();
    createPix(fixture.simulator, twice);
    issueBoleto(fixture.simulator, twice, '52998224725');
    fixture.act(twice, 'pay', 'pay');
    expect(fixture.money(twice)).toEqual(['charge 10000', 'charge 10000']);
    expect(twice.status).toBe('aprovado');
  });

  it('an expired Pix does not cancel the order while a boleto is open', () => {
    const both = fixture.order();
    createPix(fixture.simulator, both);
    issueBoleto(fixture.simulator, both, '52998224725');
    fixture.act(both, 'expire');
    expect(both.status).toBe('pendente');
  });

  it('a Pix does not expire if automatic events are switched off', () => {
    const pix = fixture.order({ automatic: false });
    createPix(fixture.simulator, pix);
    fixture.simulator.clock.advance(86_400);
    expect(pix.status).toBe('pendente');
  });
});
