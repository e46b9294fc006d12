import { confirms, needsRead } from './event-verdict';

describe('needsRead', () => {
  it.each([
    ['OrderPaid', 'pendente', true],
    ['OrderPaid', 'autorizado', true],
    ['OrderPaid', 'cancelado', true],
    ['OrderPaid', 'aprovado', false],
    ['OrderPaid', 'estornado', false],
    ['OrderPixCreated', 'pendente', false],
    ['OrderPixCreated', 'cancelado', true],
    ['OrderRefund', 'integrado', true],
    ['OrderPartialRefund', 'aprovado', false],
    ['order_teleported', 'aprovado', false],
  ])('%s about an order that is %s needs a read: %s', (event, now, expected) => {
    expect(needsRead(event, now)).toBe(expected);
  });
});

describe('confirms', () => {
  it.each([
    ['OrderPaid', 'aprovado', true],
    ['OrderPaid', 'integrado', true],
    ['OrderPaid', 'pendente', false],
    ['OrderPaid', 'cancelado', false],
    // Appmax also sends it when a card is only authorised.
    ['OrderPaid', 'autorizado', true],
    ['order_paid', 'autorizado', true],
    ['OrderApproved', 'autorizado', false],
    // Appmax does not change an order whose boleto is overdue.
    ['OrderBilletOverdue', 'pendente', true],
    ['order_billet_overdue', 'pendente', true],
    ['OrderPixExpired', 'pendente', false],
    ['OrderPixExpired', 'cancelado', true],
    ['OrderRefund', 'aprovado', false],
    ['OrderRefund', 'estornado', true],
    ['OrderPixCreated', 'cancelado', true],
    ['OrderPaid', 'em_revisao', true],
    ['OrderPartialRefund', 'pendente', true],
  ])("%s is confirmed by Appmax's status %s: %s", (event, answer, expected) => {
    expect(confirms(event, answer)).toBe(expected);
  });
});
