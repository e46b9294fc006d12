import { operation, pix, reading, sale, stateAfter } from '../../../../test/support/sales';
import type { Operation, Sale } from './operation';
import type { Decision } from './effect';
import type { OperationAnswer, SaleEvent } from './sale-event';
import { transition } from './transition';

describe('transition, when a client asks', () => {
  const asked = (change: Partial<SaleEvent & { type: 'asked' }> = {}): SaleEvent => ({
    type: 'asked',
    kind: 'credit_card',
    keyId: 7,
    reading: null,
    ...change,
  });
  const decide = (before: Sale, event: SaleEvent): Decision | undefined =>
    transition(before, event).effects.find((effect) => effect.type === 'decide')?.decision;
  const pending = reading('pendente');
  const over = operation({ state: 'declined', phase: 'over', keyId: 1 });

  it.each<[string, Sale, SaleEvent, Decision]>([
    [
      'prepares the first payment of an order without asking',
      sale([]),
      asked(),
      { kind: 'prepare', baseline: null },
    ],
    ['asks for an order that it did not make', { ...sale([]), operations: [] }, asked(), { kind: 'read' }],
    ['asks for an order whose status is not known', sale([], 'em_analise'), asked(), { kind: 'read' }],
    ['asks before a second payment', sale([over]), asked(), { kind: 'read' }],
    [
      'prepares a second payment with its baseline',
      sale([over]),
      asked({ reading: pending }),
      { kind: 'prepare', baseline: pending },
    ],
    [
      'refuses an order that Appmax calls paid',
      sale([over]),
      asked({ reading: reading('integrado') }),
      { kind: 'not_payable', status: 'integrado' },
    ],
    [
      'refuses an order whose status Appmax alone knows',
      sale([over]),
      asked({ reading: reading('em_analise') }),
      { kind: 'not_payable', status: 'em_analise' },
    ],
    [
      'refuses an order whose row says paid',
      sale([], 'aprovado'),
      asked(),
      { kind: 'not_payable', status: 'aprovado' },
    ],
    ['waits for another open payment', sale([operation({ keyId: 1 })]), asked(), { kind: 'in_progress' }],
    [
      'waits for its own open payment',
      sale([operation({ state: 'sent' })]),
      asked(),
      { kind: 'in_progress' },
    ],
    ['judges its own unknown payment', sale([operation()]), asked(), { kind: 'judge', id: 1 }],
    [
      'answers with its own success',
      sale([operation({ state: 'done' })], 'aprovado'),
      asked(),
      { kind: 'answer', id: 1 },
    ],
    [
      'answers with its own decline',
      sale([operation({ state: 'declined' })]),
      asked(),
      { kind: 'answer', id: 1 },
    ],
    [
      'answers with its own charge that was not done',
      sale([operation({ state: 'not_done' })]),
      asked(),
      { kind: 'answer', id: 1 },
    ],
    [
      'prepares anew what was never sent',
      sale([operation({ state: 'not_sent' })]),
      asked(),
      { kind: 'prepare', baseline: null },
    ],
    [
      'asks before it prepares anew what was rate limited',
      sale([operation({ state: 'refused', failure: 'rate_limited' })]),
      asked(),
      { kind: 'read' },
    ],
    [
      'answers with an open code',
      sale([pix()]),
      asked({ kind: 'pix', reading: pending }),
      { kind: 'answer', id: 1 },
    ],
    [
      'answers with an open code of an order that a card was refused for',
      sale([pix({ keyId: 1 }), operation({ id: 2, state: 'declined' })]),
      asked({ kind: 'pix', keyId: 9, reading: reading('cancelado') }),
      { kind: 'answer', id: 1 },
    ],
    [
      'prepares another code once the first has expired',
      sale([pix({ code: 'expired' })]),
      asked({ kind: 'pix', reading: pending }),
      { kind: 'prepare', baseline: pending },
    ],
    [
      'prepares another code once an older one ended with its order',
      sale([pix({ code: 'untold' })]),
      asked({ kind: 'pix', keyId: 9, reading: reading('cancelado') }),
      { kind: 'prepare', baseline: reading('cancelado') },
    ],
    [
      'answers with a new code of an order that a lagging read shows as refused',
      sale([pix({ phase: 'settling' })]),
      asked({ kind: 'pix', keyId: 9, reading: reading('cancelado') }),
      { kind: 'answer', id: 1 },
    ],
    [
      'prepares a card beside an open code',
      sale([pix({ keyId: 1 })]),
      asked({ reading: pending }),
      { kind: 'prepare', baseline: pending },
    ],
    [
      'takes a lease that is over as not sent first',
      sale([operation({ state: 'prepared', leaseOver: true })]),
      asked(),
      { kind: 'prepare', baseline: null },
    ],
    [
      'takes a lease that is over after sending as unknown first',
      sale([operation({ state: 'sent', leaseOver: true })]),
      asked(),
      { kind: 'judge', id: 1 },
    ],
  ])('%s', (_, before, event, expected) => {
    expect(decide(before, event)).toEqual(expected);
  });
});

describe('transition, when a request is fenced and answered', () => {
  const fence: SaleEvent = { type: 'fence', id: 1, token: 'token' };
  const prepared = operation({ state: 'prepared', phase: 'before' });

  it.each<[string, Sale, string]>([
    ['passes what is prepared', sale([prepared]), 'sent'],
    ['stops another token', sale([{ ...prepared, leaseToken: 'other' }]), 'prepared'],
    ['stops a lease that is over', sale([{ ...prepared, leaseOver: true }]), 'prepared'],
    ['stops what was not sent', sale([{ ...prepared, state: 'not_sent' }]), 'not_sent'],
    ['stops a sale with a success', sale([prepared, operation({ id: 2, state: 'done' })]), 'prepared'],
    ['stops an order that is paid', sale([prepared], 'aprovado'), 'prepared'],
    [
      'stops a code beside an open one of its method',
      sale([{ ...prepared, kind: 'pix' }, pix({ id: 2 })]),
      'prepared',
    ],
  ])('%s', (_, before, expected) => {
    expect(stateAfter(before, fence)).toBe(expected);
  });

  it.each<[string, Partial<Operation>, OperationAnswer, string]>([
    ['accepted is done', { state: 'sent' }, { kind: 'accepted', status: null }, 'done'],
    [
      'accepted with a refusal is declined',
      { state: 'sent' },
      { kind: 'accepted', status: 'cancelado' },
      'declined',
    ],
    [
      'accepted is done though it was judged as not done',
      { state: 'not_done' },
      { kind: 'accepted', status: null },
      'done',
    ],
    [
      'accepted with a refusal is declined though it was judged as not done',
      { state: 'not_done' },
      { kind: 'accepted', status: 'cancelado' },
      'declined',
    ],
    [
      'a code that was given up stays so',
      { kind: 'pix', state: 'not_done' },
      { kind: 'accepted', status: null },
      'not_done',
    ],
    ['declined is declined', { state: 'sent' }, { kind: 'declined', status: null }, 'declined'],
    ['refused is refused', { state: 'sent' }, { kind: 'refused', failure: 'invalid' }, 'refused'],
    ['lost is unknown', { state: 'sent' }, { kind: 'lost', failure: 'timeout' }, 'unknown'],
  ])('%s', (_, change, answer, expected) => {
    expect(stateAfter(sale([operation(change)]), { type: 'answered', id: 1, answer })).toBe(expected);
  });

  it('takes what is withdrawn back to prepared, and what failed then to not sent', () => {
    const withdrawn = transition(sale([operation({ state: 'sent' })]), {
      type: 'withdrawn',
      id: 1,
      token: 'token',
    });
    expect(stateAfter(withdrawn.sale, { type: 'failed', id: 1, failure: 'slept' })).toBe('not_sent');
  });

  it('takes a charge that evidence has declined since for refused when its acceptance comes late', () => {
    const before = sale([operation({ state: 'declined', evidence: reading('cancelado') })]);
    const { sale: after } = transition(before, {
      type: 'answered',
      id: 1,
      answer: { kind: 'accepted', status: 'aprovado' },
    });
    expect(after.operations[1]).toMatchObject({ state: 'done', superseded: true });
  });

  it('flags a sale when a second charge of it is accepted', () => {
    const before = sale([operation({ state: 'done' }), operation({ id: 2, state: 'sent' })], 'aprovado');
    const { effects } = transition(before, {
      type: 'answered',
      id: 2,
      answer: { kind: 'accepted', status: null },
    });
    expect(effects).toContainEqual({ type: 'paid_twice', id: 2 });
  });
});

describe('transition, when a person says what became of an operation', () => {
  const refund = operation({ kind: 'refund', state: 'done', phase: 'over' });

  it.each<[string, Operation, 'done' | 'not_done', string]>([
    ['a lost charge is done', operation(), 'done', 'done'],
    ['a lost charge is not done once it is over', operation({ phase: 'over' }), 'not_done', 'not_done'],
    ['a lost charge stays unknown until it is over', operation({ phase: 'settling' }), 'not_done', 'unknown'],
    ['an accepted refund is confirmed', refund, 'done', 'confirmed'],
    ['an accepted refund is denied', refund, 'not_done', 'denied'],
    ['an accepted refund stays so until it is over', { ...refund, phase: 'running' }, 'not_done', 'done'],
    ['a decline stays one', operation({ state: 'declined', phase: 'over' }), 'done', 'declined'],
  ])('%s', (_, before, outcome, expected) => {
    expect(stateAfter(sale([before]), { type: 'resolved', id: 1, outcome })).toBe(expected);
  });

  it('supersedes an accepted charge that was never made', () => {
    const before = sale([operation({ state: 'done', phase: 'over' })], 'aprovado');
    const { sale: after } = transition(before, { type: 'resolved', id: 1, outcome: 'not_done' });
    expect(after.operations[1]).toMatchObject({ state: 'done', superseded: true });
  });
});

describe('transition, when a reading is older than the one that a charge was judged by', () => {
  const paid = reading('aprovado', { readAt: '2026-11-27T10:00:05.000Z' });
  const charged = operation({ state: 'done', evidence: paid });
  const refusal = (readAt: string): SaleEvent => ({
    type: 'read',
    reading: reading('cancelado', { readAt }),
  });

  it('lets it prove nothing', () => {
    const { effects } = transition(sale([charged], 'aprovado'), refusal('2026-11-27T10:00:04.000Z'));
    expect(effects).toEqual([]);
  });

  it('takes in a newer refusal', () => {
    const { sale: after } = transition(sale([charged], 'aprovado'), refusal('2026-11-27T10:00:06.000Z'));
    expect(after.operations[1]).toMatchObject({ state: 'done', superseded: true });
  });
});
