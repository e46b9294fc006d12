import { operation, pix, reading, sale, stateAfter } from '../../../../test/support/sales';
import type { Decision } from './effect';
import type { Operation, Sale } from './operation';
import type { OperationAnswer, SaleEvent } from './sale-event';
import { transition } from './transition';

describe('transition, on a payment request', () => {
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
      'the first payment of an order is prepared without a read',
      sale([]),
      asked(),
      { kind: 'prepare', baseline: null },
    ],
    ['an order of another system is read', { ...sale([]), operations: [] }, asked(), { kind: 'read' }],
    [
      'an order from before the restore of a backup is read',
      { ...sale([]), operations: sale([]).operations.map((made) => ({ ...made, isHistoryLost: true })) },
      asked(),
      { kind: 'read' },
    ],
    ['an order with an unknown status is read', sale([], 'em_analise'), asked(), { kind: 'read' }],
    ['an order is read before a second payment', sale([over]), asked(), { kind: 'read' }],
    [
      'a second payment is prepared with its baseline',
      sale([over]),
      asked({ reading: pending }),
      { kind: 'prepare', baseline: pending },
    ],
    [
      'an order that Appmax shows as paid is not payable',
      sale([over]),
      asked({ reading: reading('integrado') }),
      { kind: 'not_payable', status: 'integrado' },
    ],
    [
      'an order with an unknown status of Appmax is not payable',
      sale([over]),
      asked({ reading: reading('em_analise') }),
      { kind: 'not_payable', status: 'em_analise' },
    ],
    [
      'an order whose row says paid is not payable',
      sale([], 'aprovado'),
      asked(),
      { kind: 'not_payable', status: 'aprovado' },
    ],
    [
      'another open payment is in progress',
      sale([operation({ keyId: 1 })]),
      asked(),
      { kind: 'in_progress' },
    ],
    [
      'the open payment of the same key is in progress',
      sale([operation({ state: 'sent' })]),
      asked(),
      { kind: 'in_progress' },
    ],
    ['the unknown payment of the same key is judged', sale([operation()]), asked(), { kind: 'judge', id: 1 }],
    [
      'the success of the same key is the answer',
      sale([operation({ state: 'done' })], 'aprovado'),
      asked(),
      { kind: 'answer', id: 1 },
    ],
    [
      'the decline of the same key is the answer',
      sale([operation({ state: 'declined' })]),
      asked(),
      { kind: 'answer', id: 1 },
    ],
    [
      'the charge of the same key that was not done is the answer',
      sale([operation({ state: 'not_done' })]),
      asked(),
      { kind: 'answer', id: 1 },
    ],
    [
      'a payment that was not sent is prepared again',
      sale([operation({ state: 'not_sent' })]),
      asked(),
      { kind: 'prepare', baseline: null },
    ],
    [
      'an order is read before a rate-limited payment is prepared again',
      sale([operation({ state: 'refused', failure: 'rate_limited' })]),
      asked(),
      { kind: 'read' },
    ],
    [
      'an open code is the answer',
      sale([pix()]),
      asked({ kind: 'pix', reading: pending }),
      { kind: 'answer', id: 1 },
    ],
    [
      'an open code is the answer although a card of the order was declined',
      sale([pix({ keyId: 1 }), operation({ id: 2, state: 'declined' })]),
      asked({ kind: 'pix', keyId: 9, reading: reading('cancelado') }),
      { kind: 'answer', id: 1 },
    ],
    [
      'another code is prepared once the first has expired',
      sale([pix({ code: 'expired' })]),
      asked({ kind: 'pix', reading: pending }),
      { kind: 'prepare', baseline: pending },
    ],
    [
      'another code is prepared once an older one has ended with its order',
      sale([pix({ code: 'expiry_unknown' })]),
      asked({ kind: 'pix', keyId: 9, reading: reading('cancelado') }),
      { kind: 'prepare', baseline: reading('cancelado') },
    ],
    [
      'a new code is the answer although a lagging read shows its order as refused',
      sale([pix({ phase: 'settling' })]),
      asked({ kind: 'pix', keyId: 9, reading: reading('cancelado') }),
      { kind: 'answer', id: 1 },
    ],
    [
      'a card is prepared beside an open code',
      sale([pix({ keyId: 1 })]),
      asked({ reading: pending }),
      { kind: 'prepare', baseline: pending },
    ],
    [
      'a prepared payment with an expired lease counts as not sent',
      sale([operation({ state: 'prepared', leaseOver: true })]),
      asked(),
      { kind: 'prepare', baseline: null },
    ],
    [
      'a sent payment with an expired lease counts as unknown',
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
    ['the fence passes a prepared operation', sale([prepared]), 'sent'],
    ['the fence stops another token', sale([{ ...prepared, leaseToken: 'other' }]), 'prepared'],
    ['the fence stops an expired lease', sale([{ ...prepared, leaseOver: true }]), 'prepared'],
    [
      'the fence stops an operation that counts as not sent',
      sale([{ ...prepared, state: 'not_sent' }]),
      'not_sent',
    ],
    [
      'the fence stops a payment of a sale with a success',
      sale([prepared, operation({ id: 2, state: 'done' })]),
      'prepared',
    ],
    ['the fence stops a payment of a paid order', sale([prepared], 'aprovado'), 'prepared'],
    [
      'the fence stops a code beside an open one of its method',
      sale([{ ...prepared, kind: 'pix' }, pix({ id: 2 })]),
      'prepared',
    ],
  ])('%s', (_, before, expected) => {
    expect(stateAfter(before, fence)).toBe(expected);
  });

  it.each<[string, Partial<Operation>, OperationAnswer, string]>([
    ['an accepted operation is done', { state: 'sent' }, { kind: 'accepted', status: null }, 'done'],
    [
      'an operation that is accepted with a refused status is declined',
      { state: 'sent' },
      { kind: 'accepted', status: 'cancelado' },
      'declined',
    ],
    [
      'an accepted operation is done although it was judged as not done',
      { state: 'not_done' },
      { kind: 'accepted', status: null },
      'done',
    ],
    [
      'an operation accepted with a refused status is declined although it was judged as not done',
      { state: 'not_done' },
      { kind: 'accepted', status: 'cancelado' },
      'declined',
    ],
    [
      'a code that was judged as not done stays so',
      { kind: 'pix', state: 'not_done' },
      { kind: 'accepted', status: null },
      'not_done',
    ],
    ['a declined operation is declined', { state: 'sent' }, { kind: 'declined', status: null }, 'declined'],
    ['a refused operation is refused', { state: 'sent' }, { kind: 'refused', failure: 'invalid' }, 'refused'],
    [
      'an operation whose answer is lost is unknown',
      { state: 'sent' },
      { kind: 'lost', failure: 'timeout' },
      'unknown',
    ],
  ])('%s', (_, change, answer, expected) => {
    expect(stateAfter(sale([operation(change)]), { type: 'answered', id: 1, answer })).toBe(expected);
  });

  it('a withdrawn operation is prepared again, and not sent after a failure', () => {
    const withdrawn = transition(sale([operation({ state: 'sent' })]), {
      type: 'withdrawn',
      id: 1,
      token: 'token',
    });
    expect(stateAfter(withdrawn.sale, { type: 'failed', id: 1, failure: 'slept' })).toBe('not_sent');
  });

  it('a late acceptance of a charge that evidence has declined makes it done and superseded', () => {
    const before = sale([operation({ state: 'declined', evidence: reading('cancelado') })]);
    const { sale: after } = transition(before, {
      type: 'answered',
      id: 1,
      answer: { kind: 'accepted', status: 'aprovado' },
    });
    expect(after.operations[1]).toMatchObject({ state: 'done', superseded: true });
  });

  it('a sale is flagged when a second charge of it is accepted', () => {
    const before = sale([operation({ state: 'done' }), operation({ id: 2, state: 'sent' })], 'aprovado');
    const { effects } = transition(before, {
      type: 'answered',
      id: 2,
      answer: { kind: 'accepted', status: null },
    });
    expect(effects).toContainEqual({ type: 'paid_twice', id: 2 });
  });
});

describe('transition, when an operator resolves an operation', () => {
  const refund = operation({ kind: 'refund', state: 'done', phase: 'over' });

  it.each<[string, Operation, 'done' | 'not_done', string]>([
    ['a lost charge can be resolved as done', operation(), 'done', 'done'],
    [
      'a lost charge can be resolved as not done once it is over',
      operation({ phase: 'over' }),
      'not_done',
      'not_done',
    ],
    ['a lost charge stays unknown until it is over', operation({ phase: 'settling' }), 'not_done', 'unknown'],
    ['an accepted refund can be confirmed', refund, 'done', 'confirmed'],
    ['an accepted refund can be denied', refund, 'not_done', 'denied'],
    [
      'an accepted refund stays accepted until it is over',
      { ...refund, phase: 'running' },
      'not_done',
      'done',
    ],
    ['a decline stays a decline', operation({ state: 'declined', phase: 'over' }), 'done', 'declined'],
  ])('%s', (_, before, outcome, expected) => {
    expect(stateAfter(sale([before]), { type: 'resolved', id: 1, outcome })).toBe(expected);
  });

  it('an accepted charge that was never made is superseded', () => {
    const before = sale([operation({ state: 'done', phase: 'over' })], 'aprovado');
    const { sale: after } = transition(before, { type: 'resolved', id: 1, outcome: 'not_done' });
    expect(after.operations[1]).toMatchObject({ state: 'done', superseded: true });
  });
});

describe('transition, when a reading is older than the evidence of a charge', () => {
  const paid = reading('aprovado', { readAt: '2026-11-27T10:00:05.000Z' });
  const charged = operation({ state: 'done', evidence: paid });
  const refusal = (readAt: string): SaleEvent => ({
    type: 'read',
    reading: reading('cancelado', { readAt }),
  });

  it('a reading older than the evidence proves nothing', () => {
    const { effects } = transition(sale([charged], 'aprovado'), refusal('2026-11-27T10:00:04.000Z'));
    expect(effects).toEqual([]);
  });

  it('a refusal newer than the evidence is applied', () => {
    const { sale: after } = transition(sale([charged], 'aprovado'), refusal('2026-11-27T10:00:06.000Z'));
    expect(after.operations[1]).toMatchObject({ state: 'done', superseded: true });
  });
});
