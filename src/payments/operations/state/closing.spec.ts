import { operation, pix, reading } from '../../../../test/support/sales';
import { closeVerdictOf } from './effect';
import type { Operation, OrderReading, Sale } from './operation';
import { transition } from './transition';

const ORDER = operation({ id: 0, kind: 'order', state: 'done', keyId: null, phase: 'over' });
const UNPAID = reading('pendente', { method: null, totalPaidCents: 0 });

const saleWith = (operations: readonly Operation[], orderStatus = 'pendente'): Sale => ({
  orderStatus,
  totalCents: 100,
  operations: [ORDER, ...operations],
});

describe('The closing of an order', () => {
  it.each<[string, Sale, OrderReading | null, string]>([
    ['no payment was attempted', saleWith([]), null, 'closed'],
    ['is paid', saleWith([], 'aprovado'), null, 'paid'],
    ['has a charge on its way', saleWith([operation({ state: 'sent' })]), null, 'in_use'],
    ['has a charge with an unknown outcome', saleWith([operation()]), UNPAID, 'in_use'],
    ['has a declined card', saleWith([operation({ state: 'declined' })]), null, 'read'],
    ['has a declined card, and is unpaid', saleWith([operation({ state: 'declined' })]), UNPAID, 'closed'],
    ['is paid at Appmax', saleWith([operation({ state: 'declined' })]), reading('aprovado'), 'paid'],
    [
      'has an unknown status at Appmax',
      saleWith([operation({ state: 'declined' })]),
      reading('em_analise'),
      'in_use',
    ],
    ['has an open Pix', saleWith([pix()]), UNPAID, 'in_use'],
    ['has a Pix that has just expired', saleWith([pix({ code: 'expired' })]), UNPAID, 'in_use'],
    ['has a Pix that is over', saleWith([pix({ code: 'expired', isCodeOver: true })]), UNPAID, 'closed'],
    ['has a Pix that is over, and was not read', saleWith([pix({ isCodeOver: true })]), null, 'read'],
    ['has an overdue boleto', saleWith([pix({ kind: 'boleto', code: 'expired' })]), UNPAID, 'in_use'],
  ])('an order that %s is judged', (_, sale, seen, verdict) => {
    const { effects, sale: after } = transition(sale, { type: 'close', reading: seen });
    expect([closeVerdictOf(effects), after.closure]).toEqual([
      verdict,
      verdict === 'closed' ? 'replaced' : undefined,
    ]);
  });

  it('a closed order prepares no payment, and none passes its fence', () => {
    const prepared = operation({ state: 'prepared', phase: 'before' });
    const closed: Sale = { ...saleWith([]), closure: 'replaced' };
    const asked = { type: 'asked', kind: 'pix', keyId: 9, reading: null } as const;
    expect(transition(closed, asked).effects).toEqual([
      { type: 'decide', decision: { kind: 'closed', closure: 'replaced' } },
    ]);
    const fence = { type: 'fence', id: 1, token: 'token' } as const;
    expect(transition(saleWith([prepared]), fence).effects).toHaveLength(1);
    expect(transition({ ...saleWith([prepared]), closure: 'session_expired' }, fence).effects).toEqual([]);
  });
});
