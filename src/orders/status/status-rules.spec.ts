import fc from 'fast-check';
import { ORDER_STATUSES, type OrderStatus } from '../../appmax';
import { isKnown, isPaid, mayBecome, statusesThatMayBecome } from './status-rules';

/**
 * The current statuses (rows) and the asserted statuses of events (columns): `x` where the status may change.
 * Written by hand, independently of the rules.
 */
const COLUMNS = [
  'pendente',
  'autorizado',
  'aprovado',
  'pendente_integracao',
  'pendente_integracao_em_analise',
  'integrado',
  'cancelado',
  'recusado_por_risco',
  'estornado',
  'chargeback_em_tratativa',
  'chargeback_em_disputa',
  'chargeback_perdido',
  'chargeback_vencido',
] as const satisfies readonly OrderStatus[];

const TABLE: Readonly<Record<OrderStatus, string>> = {
  //                               pe au ap pi em in ca ri es tr di pd ve
  pendente: /*                  */ '.  x  x  x  x  x  x  x  x  .  .  .  .',
  autorizado: /*                */ '.  .  x  x  .  x  x  x  x  .  .  .  .',
  aprovado: /*                  */ '.  .  .  x  x  x  .  x  x  x  x  x  x',
  pendente_integracao: /*       */ '.  .  .  .  x  x  .  .  x  x  x  x  x',
  pendente_integracao_em_analise: '.  .  x  x  .  x  .  .  x  x  x  x  x',
  integrado: /*                 */ '.  .  .  .  .  .  .  .  x  x  x  x  x',
  cancelado: /*                 */ 'x  x  x  x  .  x  .  .  .  .  .  .  .',
  recusado_por_risco: /*        */ '.  .  .  .  .  .  .  .  .  .  .  .  .',
  estornado: /*                 */ '.  .  .  .  .  .  .  .  .  x  .  .  .',
  chargeback_em_tratativa: /*   */ '.  .  .  .  .  .  .  .  .  .  x  x  x',
  chargeback_em_disputa: /*     */ '.  .  .  .  .  .  .  .  .  .  .  x  x',
  chargeback_perdido: /*        */ '.  .  .  .  .  .  .  .  .  .  .  .  .',
  chargeback_vencido: /*        */ '.  .  .  .  .  .  .  .  .  .  .  .  .',
};

const CASES = COLUMNS.flatMap((now) =>
  TABLE[now].split(/\s+/).map((mark, column) => ({ now, next: COLUMNS[column]!, expected: mark === 'x' })),
);

const status = fc.constantFrom(...ORDER_STATUSES);
const unknownStatus = fc.string().filter((text) => !(ORDER_STATUSES as readonly string[]).includes(text));

describe('mayBecome', () => {
  it('the table has every pair of statuses', () => {
    expect(CASES).toHaveLength(ORDER_STATUSES.length ** 2);
    expect([...COLUMNS].sort()).toEqual([...ORDER_STATUSES].sort());
  });

  it.each(CASES)('an order that is $now may become $next: $expected', ({ now, next, expected }) => {
    expect(mayBecome(now, next)).toBe(expected);
  });

  it('an event that asserts the current status changes nothing', () => {
    fc.assert(
      fc.property(status, (now) => {
        expect(mayBecome(now, now)).toBe(false);
      }),
    );
  });

  it('an unknown status may become any other', () => {
    fc.assert(
      fc.property(unknownStatus, status, (now, next) => {
        expect(mayBecome(now, next)).toBe(true);
      }),
    );
    for (const inherited of ['constructor', 'toString', '__proto__'])
      expect(mayBecome(inherited, 'pendente')).toBe(true);
  });

  it('late events in any order never make a refunded or disputed order paid', () => {
    const apply = (now: OrderStatus, next: OrderStatus): OrderStatus => (mayBecome(now, next) ? next : now);
    const lost = /^(estornado|chargeback_.*)$/;
    fc.assert(
      fc.property(
        fc.array(status, { maxLength: 30 }),
        fc.array(status, { maxLength: 30 }),
        (before, after) => {
          const ended = before.reduce(apply, 'integrado');
          const refunded = apply(ended, 'estornado');
          expect(after.reduce(apply, refunded)).toMatch(lost);
        },
      ),
    );
  });

  it('the events of a paid and shipped order lead to the same status in any order', () => {
    const events: OrderStatus[] = ['pendente', 'autorizado', 'aprovado', 'pendente_integracao', 'integrado'];
    const apply = (now: OrderStatus, next: OrderStatus): OrderStatus => (mayBecome(now, next) ? next : now);
    const shuffled = fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 });
    fc.assert(
      fc.property(shuffled, (order) => {
        expect(order.reduce(apply, 'pendente')).toBe('integrado');
      }),
    );
  });
});

describe('statusesThatMayBecome', () => {
  it('the statuses that may become another agree with mayBecome for every pair', () => {
    fc.assert(
      fc.property(status, status, (now, next) => {
        expect(statusesThatMayBecome(next).includes(now)).toBe(mayBecome(now, next));
      }),
    );
  });

  it.each(COLUMNS)('the statuses that may become %s are listed once each', (next) => {
    const expected = CASES.filter((each) => each.next === next && each.expected).map(({ now }) => now);
    expect(statusesThatMayBecome(next).sort()).toEqual(expected.sort());
  });
});

describe('isPaid', () => {
  it.each<[string, boolean]>([
    ['pendente', false],
    ['cancelado', false],
    ['recusado_por_risco', false],
    ['autorizado', true],
    ['aprovado', true],
    ['pendente_integracao', true],
    ['pendente_integracao_em_analise', true],
    ['integrado', true],
    ['estornado', true],
    ['chargeback_em_tratativa', true],
    ['chargeback_em_disputa', true],
    ['chargeback_perdido', true],
    ['chargeback_vencido', true],
    ['em_revisao', false],
    ['', false],
    ['constructor', false],
  ])('an order with the status %j counts as paid: %s', (now, expected) => {
    expect(isPaid(now)).toBe(expected);
  });
});

describe('isKnown', () => {
  it('only the statuses of Appmax are known', () => {
    expect(ORDER_STATUSES.every((each) => isKnown(each))).toBe(true);
    fc.assert(
      fc.property(unknownStatus, (text) => {
        expect(isKnown(text)).toBe(false);
      }),
    );
  });
});
