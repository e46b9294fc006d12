import fc from 'fast-check';
import { ORDER_STATUSES, type OrderStatus } from '../../appmax';
import { foldAssertedStatuses, isBehind, isNews, LIFECYCLE } from './lifecycle';
import { mayBecome } from './status-rules';

const status = fc.constantFrom(...ORDER_STATUSES);

describe('LIFECYCLE', () => {
  it('the lifecycle has every status once', () => {
    expect([...LIFECYCLE].sort()).toEqual([...ORDER_STATUSES].sort());
  });
});

describe('foldAssertedStatuses', () => {
  it.each<[string, OrderStatus[], string]>([
    ['pendente', [], 'pendente'],
    ['pendente', ['aprovado'], 'aprovado'],
    ['pendente', ['pendente', 'cancelado'], 'cancelado'],
    ['pendente', ['autorizado', 'cancelado'], 'cancelado'],
    ['pendente', ['cancelado', 'aprovado'], 'aprovado'],
    ['pendente', ['aprovado', 'recusado_por_risco', 'integrado'], 'recusado_por_risco'],
    ['pendente', ['aprovado', 'integrado', 'estornado'], 'estornado'],
    ['pendente', ['chargeback_em_tratativa'], 'pendente'],
    ['pendente', ['aprovado', 'chargeback_em_tratativa'], 'chargeback_em_tratativa'],
    [
      'pendente',
      ['aprovado', 'estornado', 'chargeback_em_tratativa', 'chargeback_vencido'],
      'chargeback_vencido',
    ],
    ['autorizado', ['autorizado', 'cancelado'], 'cancelado'],
    ['cancelado', ['pendente'], 'pendente'],
    ['cancelado', ['estornado'], 'cancelado'],
    ['integrado', ['pendente', 'aprovado', 'cancelado'], 'integrado'],
    ['recusado_por_risco', ['aprovado', 'estornado'], 'recusado_por_risco'],
    ['em_revisao', ['aprovado'], 'aprovado'],
  ])('%s with the asserted statuses %j becomes %s', (base, assertions, expected) => {
    expect(foldAssertedStatuses(base, assertions)).toBe(expected);
  });

  it('the result does not depend on the order or on repeats', () => {
    const assertions = fc.array(status, { maxLength: 13 });
    fc.assert(
      fc.property(status, assertions, fc.infiniteStream(fc.double({ noNaN: true })), (base, told, keys) => {
        const shuffled = told
          .flatMap((assertion) => [assertion, assertion])
          .map((assertion) => ({ assertion, key: keys.next().value as number }))
          .sort((left, right) => left.key - right.key)
          .map(({ assertion }) => assertion);
        expect(foldAssertedStatuses(base, shuffled)).toBe(foldAssertedStatuses(base, told));
      }),
      { numRuns: 1_000 },
    );
  });

  it('one asserted status has the effect of the status rules', () => {
    fc.assert(
      fc.property(status, status, (base, assertion) => {
        expect(foldAssertedStatuses(base, [assertion])).toBe(mayBecome(base, assertion) ? assertion : base);
      }),
    );
  });

  it('a list and a set of asserted statuses give the same result', () => {
    fc.assert(
      fc.property(status, fc.array(status), status, (base, told, last) => {
        expect(foldAssertedStatuses(base, [...told, last])).toBe(
          foldAssertedStatuses(base, new Set([last, ...told])),
        );
      }),
    );
  });
});

describe('isBehind', () => {
  it.each<[string, OrderStatus, boolean]>([
    ['pendente', 'aprovado', true],
    ['autorizado', 'aprovado', true],
    ['cancelado', 'aprovado', true],
    ['pendente', 'cancelado', true],
    ['aprovado', 'estornado', true],
    ['estornado', 'chargeback_em_tratativa', true],
    ['aprovado', 'aprovado', false],
    ['aprovado', 'pendente', false],
    ['estornado', 'aprovado', false],
    ['recusado_por_risco', 'estornado', false],
    ['cancelado', 'autorizado', false],
    ['chargeback_perdido', 'chargeback_vencido', false],
    ['em_revisao', 'aprovado', false],
    ['constructor', 'aprovado', false],
  ])("Appmax's status %s is behind the asserted status %s: %s", (answer, asserted, expected) => {
    expect(isBehind(answer, asserted)).toBe(expected);
  });
});

describe('isNews', () => {
  it.each<[string, OrderStatus, boolean]>([
    ['pendente', 'aprovado', true],
    ['cancelado', 'pendente', true],
    ['autorizado', 'cancelado', true],
    ['recusado_por_risco', 'chargeback_em_tratativa', true],
    ['pendente', 'pendente', false],
    ['aprovado', 'pendente', false],
    ['aprovado', 'cancelado', false],
    ['estornado', 'integrado', false],
    ['em_revisao', 'aprovado', true],
  ])('for an order that is %s, the asserted status %s is news: %s', (now, asserted, expected) => {
    expect(isNews(now, asserted)).toBe(expected);
  });
});
