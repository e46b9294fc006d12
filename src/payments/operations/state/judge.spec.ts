import { operation, pix, reading, sale, stateAfter } from '../../../../test/support/sales';
import type { Operation, OrderReading } from './operation';
import { transition } from './transition';

describe('judging a charge', () => {
  const paid = reading('aprovado', { totalPaidCents: 100 });
  const byPix = reading('aprovado', { method: 'pix', totalPaidCents: 100 });
  const refusedBefore = { baseline: reading('cancelado') };
  const expiredCode = pix({ id: 0.5, code: 'expired' });
  const declinedBefore = operation({ id: 0.5, state: 'declined', phase: 'over' });

  it.each<[string, Partial<Operation>, Operation[], OrderReading, string]>([
    ['paid by its method is done', {}, [], paid, 'done'],
    ['authorised by its method is done', {}, [], reading('autorizado'), 'done'],
    [
      'paid by an untold method is done where no code was made',
      {},
      [],
      reading('aprovado', { method: null }),
      'done',
    ],
    ['paid before it was sent waits', { phase: 'before' }, [], paid, 'unknown'],
    ['paid by Pix waits', {}, [pix({ id: 2 })], byPix, 'unknown'],
    ['paid by Pix waits for the settle time', { phase: 'settling' }, [pix({ id: 2 })], byPix, 'unknown'],
    ['paid by Pix and over is not done', { phase: 'over' }, [pix({ id: 2 })], byPix, 'not_done'],
    [
      'paid by Pix, over, and more was paid than the total is done',
      { phase: 'over' },
      [pix({ id: 2 })],
      { ...byPix, totalPaidCents: 200 },
      'done',
    ],
    [
      'paid by Pix and over waits for a person where amounts are not told',
      { phase: 'over' },
      [pix({ id: 2 })],
      { ...byPix, totalPaidCents: null },
      'unknown',
    ],
    [
      'paid by an untold method beside a code and over waits for a person',
      { phase: 'over' },
      [pix({ id: 2 })],
      { ...byPix, method: null },
      'unknown',
    ],
    ['refused is declined for the first operation of an order', {}, [], reading('cancelado'), 'declined'],
    [
      'refused by risk is declined',
      { baseline: reading('pendente') },
      [],
      reading('recusado_por_risco'),
      'declined',
    ],
    ['refused already before waits', refusedBefore, [], reading('cancelado'), 'unknown'],
    ['refused beside an expired code waits', {}, [expiredCode], reading('cancelado'), 'unknown'],
    ['refused after an earlier charge waits', {}, [declinedBefore], reading('cancelado'), 'unknown'],
    [
      'refused already before and settling waits',
      { ...refusedBefore, phase: 'settling' },
      [],
      reading('cancelado'),
      'unknown',
    ],
    [
      'refused already before and over is declined',
      { ...refusedBefore, phase: 'over' },
      [],
      reading('cancelado'),
      'declined',
    ],
    [
      'paid after a charge that was refused since waits',
      {},
      [operation({ id: 0.5, state: 'done', superseded: true })],
      paid,
      'unknown',
    ],
    [
      'paid after a charge that was refused since and over is done',
      { phase: 'over' },
      [operation({ id: 0.5, state: 'done', superseded: true, phase: 'over' })],
      paid,
      'done',
    ],
    ['unpaid waits within the limit of the call', {}, [], reading('pendente'), 'unknown'],
    ['unpaid waits within the settle time', { phase: 'settling' }, [], reading('pendente'), 'unknown'],
    ['unpaid and over is not done', { phase: 'over' }, [], reading('pendente'), 'not_done'],
    ['a status that is not known waits', { phase: 'over' }, [], reading('em_analise'), 'unknown'],
  ])('%s', (_, charge, others, read, expected) => {
    expect(stateAfter(sale([...others, operation(charge)]), { type: 'read', reading: read })).toBe(expected);
  });

  it('waits with a refusal of an order of another system', () => {
    const { operations, ...others } = sale([operation({ baseline: reading('pendente') })]);
    const elsewhere = { ...others, operations: operations.filter(({ kind }) => kind !== 'order') };
    expect(stateAfter(elsewhere, { type: 'read', reading: reading('cancelado') })).toBe('unknown');
  });

  it('waits where nothing but time has passed', () => {
    expect(stateAfter(sale([operation({ phase: 'over' })]), { type: 'read', reading: null })).toBe('unknown');
  });

  it.each([
    ['running', 'unknown'],
    ['settling', 'not_done'],
  ] as const)('takes a lost code that is %s to %s', (phase, expected) => {
    const lost = operation({ kind: 'pix', phase });
    expect(stateAfter(sale([lost]), { type: 'read', reading: null })).toBe(expected);
  });

  it('reopens the last charge once the order shows as paid by a card', () => {
    const charge = operation({ state: 'not_done', phase: 'over' });
    expect(stateAfter(sale([charge]), { type: 'read', reading: paid })).toBe('done');
  });

  it.each([
    ['evidence has declined', reading('cancelado'), 'done'],
    ["Appmax's own answer has declined", null, 'declined'],
  ])('judges a charge that %s, when a payment shows up late', (_, evidence, expected) => {
    const charge = operation({ state: 'declined', phase: 'over', evidence });
    expect(stateAfter(sale([charge]), { type: 'read', reading: paid })).toBe(expected);
  });

  it.each([
    ['that evidence has declined', { state: 'declined', evidence: reading('cancelado') }, 'not_done'],
    ["that Appmax's own answer has declined", { state: 'declined' }, 'done'],
    ['that Appmax has refused', { state: 'refused' }, 'done'],
  ] as const)('judges an earlier charge while one %s is not over', (_, latest, expected) => {
    const earlier = operation({ state: 'not_done', phase: 'over' });
    const later = operation({ id: 2, phase: 'running', ...latest });
    expect(stateAfter(sale([earlier, later]), { type: 'read', reading: paid })).toBe(expected);
  });

  it('flags a sale of which more was paid than the total', () => {
    const charge = operation({ state: 'done', phase: 'over' });
    const twice = { ...paid, totalPaidCents: 200 };
    const { effects } = transition(sale([charge], 'aprovado'), { type: 'read', reading: twice });
    expect(effects).toContainEqual({ type: 'paid_twice', id: 1 });
  });

  it.each([
    ['a code that was paid beside a charge', byPix, [pix({ id: 2 })], true],
    ['a charge beside a code that nobody has paid', paid, [pix({ id: 2 })], false],
    ['a payment by Pix of a sale without a code', byPix, [], false],
  ])('flags only a sale that was paid twice, where amounts are not told: %s', (_, read, codes, isFlagged) => {
    const charge = operation({ state: 'done', phase: 'over' });
    const { effects } = transition(sale([charge, ...codes], 'aprovado'), {
      type: 'read',
      reading: { ...read, totalPaidCents: null },
    });
    expect(effects.some(({ type }) => type === 'paid_twice')).toBe(isFlagged);
  });

  it('does not learn that an order is unpaid which a charge has paid', () => {
    const before = sale([operation({ state: 'done' })], 'aprovado');
    expect(transition(before, { type: 'read', reading: reading('pendente') }).sale.orderStatus).toBe(
      'aprovado',
    );
  });

  it('supersedes a charge that Appmax has refused since, and learns its status', () => {
    const before = sale([operation({ state: 'done', phase: 'over' })], 'autorizado');
    const { sale: after } = transition(before, { type: 'read', reading: reading('recusado_por_risco') });
    expect([after.operations[1]?.superseded, after.orderStatus]).toEqual([true, 'recusado_por_risco']);
  });
});

describe('judging a refund', () => {
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
    ['a lost refund that shows is done', [refund()], reading('integrado', { totalPaidCents: 60 }), 'done'],
    ['a lost refund under review is done', [refund()], review, 'done'],
    [
      'a lost refund that does not show waits for a person',
      [refund({ phase: 'over' })],
      reading('integrado', { totalPaidCents: 100 }),
      'unknown',
    ],
    [
      'an accepted refund of an order given back is confirmed',
      [refund({ state: 'done' })],
      reading('estornado'),
      'confirmed',
    ],
    [
      'an accepted refund does not take another one for its own',
      [refund({ state: 'done' }), refund({ id: 2, state: 'confirmed' })],
      reading('integrado', { totalPaidCents: 60 }),
      'done',
    ],
    ['a review of all of it that ended is a denial', [reviewed()], reading('integrado', at(3)), 'denied'],
    [
      'a review of a part that ended is for a person',
      [reviewed({ amountCents: 40 })],
      reading('integrado', at(3)),
      'done',
    ],
    ['a review that may have started since is no denial', [reviewed()], reading('integrado', at(1)), 'done'],
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
