import { normaliseStatus, ORDER_STATUSES } from './order-status';

describe('normaliseStatus', () => {
  it.each(ORDER_STATUSES)('keeps %s', (status) => {
    expect(normaliseStatus(status)).toBe(status);
    expect(normaliseStatus(` ${status}\n`)).toBe(status);
  });

  it('reads aguardando_pagamento as pendente', () => {
    expect(normaliseStatus('aguardando_pagamento')).toBe('pendente');
  });

  it.each(['em_revisao', 'aprovado_parcialmente', 'APROVADO', 'paid', ''])(
    'keeps %j, which is not known, as it came',
    (status) => {
      expect(normaliseStatus(status)).toBe(status);
    },
  );

  it('cuts a status to what its column holds', () => {
    expect(normaliseStatus('x'.repeat(64))).toBe('x'.repeat(64));
    expect(normaliseStatus('x'.repeat(65))).toBe('x'.repeat(64));
  });
});
