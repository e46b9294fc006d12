import { normaliseStatus, ORDER_STATUSES } from './order-status';

describe('normaliseStatus', () => {
  it.each(ORDER_STATUSES)('the status %s is kept', (status) => {
    expect(normaliseStatus(status)).toBe(status);
    expect(normaliseStatus(` ${status}\n`)).toBe(status);
  });

  it('aguardando_pagamento is read as pendente', () => {
    expect(normaliseStatus('aguardando_pagamento')).toBe('pendente');
  });

  it.each(['em_revisao', 'aprovado_parcialmente', 'APROVADO', 'paid', ''])(
    'the unknown status %j is kept unchanged',
    (status) => {
      expect(normaliseStatus(status)).toBe(status);
    },
  );

  it('a status is cut to the length of its column', () => {
    expect(normaliseStatus('x'.repeat(64))).toBe('x'.repeat(64));
    expect(normaliseStatus('x'.repeat(65))).toBe('x'.repeat(64));
  });
});
