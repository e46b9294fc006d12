import { operation, pix, reading, sale, stateAfter } from '../../../../test/support/sales';
import type { Operation, OrderReading } from './operation';
import { transition } from './transition';

describe('The judgement of a lost charge', () => {
  const paid = reading('aprovado', { totalPaidCents: 100 });
  const byPix = reading('aprovado', { method: 'pix', totalPaidCents: 100 });
  const refusedBefore = { baseline: reading('cancelado') };
  const expiredCode = pix({ id: 0.5, code: 'expired' });
  const declinedBefore = operation({ id: 0.5, state: 'declined', phase: 'over' });

  it.each<[string, Partial<Operation>, Operation[], OrderReading, string]>([
    ['a charge of an order paid by its method is done', {}, [], paid, 'done'],
    ['a charge of an order authorised by its method is done', {}, [], reading('autorizado'), 'done'],
    [
      'a charge of an order paid by an unreported method is done if there is no code',
      {},
      [],
      reading('aprovado', { method: null }),
      'done',
    ],
    ['a charge of an order paid before it was sent waits', { phase: 'before' }, [], paid, 'unknown'],
    ['a charge of an order paid by Pix waits', {}, [pix({ id: 2 })], byPix, 'unknown'],
    [
      'a charge of an order paid by Pix waits for the settle time',
      { phase: 'settling' },
      [pix({ id: 2 })],
      byPix,
      'unknown',
    ],
    [
      'a charge of an order paid by Pix is not done once it is over',
      { phase: 'over' },
      [pix({ id: 2 })],
      byPix,
      'not_done',
    ],
    [
      'a charge of an order paid by Pix is done if more was paid than the total',
      { phase: 'over' },
      [pix({ id: 2 })],
      { ...byPix, totalPaidCents: 200 },
      'done',
    ],
    [
      'a charge of an order paid by Pix waits for an operator if amounts are not reported',
      { phase: 'over' },
      [pix({ id: 2 })],
      { ...byPix, totalPaidCents: null },
      'unknown',
    ],
    [
      'a charge of an order paid by an unreported method waits for an operator if there is a code',
      { phase: 'over' },
      [pix({ id: 2 })],
      { ...byPix, method: null },
      'unknown',
    ],
    ['the first charge of a refused order is declined', {}, [], reading('cancelado'), 'declined'],
    [
      'a charge of an order refused by risk is declined',
      { baseline: reading('pendente') },
      [],
      reading('recusado_por_risco'),
      'declined',
    ],
    ['a charge of an order refused before it waits', refusedBefore, [], reading('cancelado'), 'unknown'],
    [
      'a charge of a refused order with an expired code waits',
      {},
      [expiredCode],
      reading('cancelado'),
      'unknown',
    ],
    [
      'a charge of a refused order with an earlier charge waits',
      {},
      [declinedBefore],
      reading('cancelado'),
      'unknown',
    ],
    [
      'a charge of an order refused before it waits for the settle time',
      { ...refusedBefore, phase: 'settling' },
      [],
      reading('cancelado'),
      'unknown',
    ],
    [
      'a charge of an order refused before it is declined once it is over',
      { ...refusedBefore, phase: 'over' },
      [],
      reading('cancelado'),
      'declined',
    ],
    [
      'a charge of a paid order with an earlier charge that was refused later waits',
      {},
      [operation({ id: 0.5, state: 'done', superseded: true })],
      paid,
      'unknown',
    ],
    [
      'a charge of a paid order with an earlier charge that was refused later is done once it is over',
      { phase: 'over' },
      [operation({ id: 0.5, state: 'done', superseded: true, phase: 'over' })],
      paid,
      'done',
    ],
    [
      'a charge of an unpaid order waits within the limit of the call',
      {},
      [],
      reading('pendente'),
      'unknown',
    ],
    [
      'a charge of an unpaid order waits within the settle time',
      { phase: 'settling' },
      [],
      reading('pendente'),
      'unknown',
    ],
    [
      'a charge of an unpaid order is not done once it is over',
      { phase: 'over' },
      [],
      reading('pendente'),
      'not_done',
    ],
    [
      'a charge of an order with an unknown status waits',
      { phase: 'over' },
      [],
      reading('em_analise'),
      'unknown',
    ],
  ])('%s', (_, charge, others, read, expected) => {
    expect(stateAfter(sale([...others, operation(charge)]), { type: 'read', reading: read })).toBe(expected);
  });

  it('a charge of a refused order of another system waits', () => {
    const { operations, ...others } = sale([operation({ baseline: reading('pendente') })]);
    const elsewhere = { ...others, operations: operations.filter(({ kind }) => kind !== 'order') };
    expect(stateAfter(elsewhere, { type: 'read', reading: reading('cancelado') })).toBe('unknown');
  });

  it('a charge waits without a reading', () => {
    expect(stateAfter(sale([operation({ phase: 'over' })]), { type: 'read', reading: null })).toBe('unknown');
  });

  it.each([
    ['running', 'unknown'],
    ['settling', 'not_done'],
  ] as const)('a lost code that is %s becomes %s', (phase, expected) => {
    const lost = operation({ kind: 'pix', phase });
    expect(stateAfter(sale([lost]), { type: 'read', reading: null })).toBe(expected);
  });

  it('the last charge is reopened once the order shows as paid by a card', () => {
    const charge = operation({ state: 'not_done', phase: 'over' });
    expect(stateAfter(sale([charge]), { type: 'read', reading: paid })).toBe('done');
  });

  it.each([
    ['evidence has declined', reading('cancelado'), 'done'],
    ["Appmax's own answer has declined", null, 'declined'],
  ])('a charge that %s is judged when a payment shows up late', (_, evidence, expected) => {
    const charge = operation({ state: 'declined', phase: 'over', evidence });
    expect(stateAfter(sale([charge]), { type: 'read', reading: paid })).toBe(expected);
  });

  it.each([
    ['that evidence has declined', { state: 'declined', evidence: reading('cancelado') }, 'not_done'],
    ["that Appmax's own answer has declined", { state: 'declined' }, 'done'],
    ['that Appmax has refused', { state: 'refused' }, 'done'],
  ] as const)('an earlier charge is judged while one %s is not over', (_, latest, expected) => {
    const earlier = operation({ state: 'not_done', phase: 'over' });
    const later = operation({ id: 2, phase: 'running', ...latest });
    expect(stateAfter(sale([earlier, later]), { type: 'read', reading: paid })).toBe(expected);
  });

  it('a sale is flagged if more was paid than the total', () => {
    const charge = operation({ state: 'done', phase: 'over' });
    const twice = { ...paid, totalPaidCents: 200 };
    const { effects } = transition(sale([charge], 'aprovado'), { type: 'read', reading: twice });
    expect(effects).toContainEqual({ type: 'paid_twice', id: 1 });
  });

  it.each([
    ['a code that was paid beside a charge', byPix, [pix({ id: 2 })], true],
    ['a charge beside an unpaid code', paid, [pix({ id: 2 })], false],
    ['a payment by Pix of a sale without a code', byPix, [], false],
  ])('without amounts, only a sale that was paid twice is flagged: %s', (_, read, codes, isFlagged) => {
    const charge = operation({ state: 'done', phase: 'over' });
    const { effects } = transition(sale([charge, ...codes], 'aprovado'), {
      type: 'read',
      reading: { ...read, totalPaidCents: null },
    });
    expect(effects.some(({ type }) => type === 'paid_twice')).toBe(isFlagged);
  });

  it('an order that a charge has paid does not become unpaid', () => {
    const before = sale([operation({ state: 'done' })], 'aprovado');
    expect(transition(before, { type: 'read', reading: reading('pendente') }).sale.orderStatus).toBe(
      'aprovado',
    );
  });

  it('a charge that Appmax has refused later is superseded, and the order gets that status', () => {
    const before = sale([operation({ state: 'done', phase: 'over' })], 'autorizado');
    const { sale: after } = transition(before, { type: 'read', reading: reading('recusado_por_risco') });
    expect([after.operations[1]?.superseded, after.orderStatus]).toEqual([true, 'recusado_por_risco']);
  });
});

describe('The judgement of a refund', () => {
  const refund = (change: Partial<Operation> = {}): Operation =>
    operation({
      kind: 'refund',
      amountCents: 40,
      baseline: reading('integrado', { totalPaidCents: 100 }),
      ...change,
    });
  const at = (day: number): Partial<OrderReading> => ({
    totalPaidCents: 100,
    readAt: `2026-01-0${day}T00:00:00Z`,
  });
  const review = reading('pendente_integracao_em_analise', at(2));
  const reviewed = (change: Partial<Operation> = {}): Operation =>
    refund({ state: 'done', evidence: review, phase: 'over', amountCents: 100, ...change });

  it.each<[string, Operation[], OrderReading, string]>([
    [
      'a lost refund that shows in the amounts is done',
      [refund()],
      reading('integrado', { totalPaidCents: 60 }),
      'done',
    ],
    ['a lost refund under review is done', [refund()], review, 'done'],
    [
      'a lost refund that does not show in the amounts waits for an operator',
      [refund({ phase: 'over' })],
      reading('integrado', { totalPaidCents: 100 }),
      'unknown',
    ],
    [
      'an accepted refund of a refunded order is confirmed',
      [refund({ state: 'done' })],
      reading('estornado'),
      'confirmed',
    ],
    [
      'an accepted refund is not confirmed by the amount of another one',
      [refund({ state: 'done' }), refund({ id: 2, state: 'confirmed' })],
      reading('integrado', { totalPaidCents: 60 }),
      'done',
    ],
    ['a total refund whose review has ended is denied', [reviewed()], reading('integrado', at(3)), 'denied'],
    [
      'a partial refund whose review has ended waits for an operator',
      [reviewed({ amountCents: 40 })],
      reading('integrado', at(3)),
      'done',
    ],
    ['a reading from before the review is no denial', [reviewed()], reading('integrado', at(1)), 'done'],
    [
      'a review within the settle time is no denial',
      [reviewed({ phase: 'settling' })],
      reading('integrado', at(3)),
      'done',
    ],
    ['a chargeback is no denial', [reviewed()], reading('chargeback_em_tratativa', at(3)), 'done'],
  ])('%s', (_, operations, read, expected) => {
    expect(stateAfter(sale(operations, 'integrado'), { type: 'read', reading: read })).toBe(expected);
  });
});
