import fc from 'fast-check';
import { ORDER_STATUSES } from '../../appmax/order-status';
import { isPaid } from '../status-rules';
import { judge, OUTCOME_OF_FAILURE } from './attempt-outcome';

const SETTLE = 30;

describe('judge', () => {
  it.each([
    // status at Appmax, status before, seconds since the answer was lost, verdict
    ['aprovado', 'pendente', 0, 'succeeded'],
    ['autorizado', 'pendente', 0, 'succeeded'],
    ['integrado', 'pendente', 0, 'succeeded'],
    ['estornado', 'pendente', 0, 'succeeded'],
    ['aprovado', 'cancelado', 0, 'succeeded'],
    ['cancelado', 'pendente', 0, 'declined'],
    ['recusado_por_risco', 'pendente', 0, 'declined'],
    ['cancelado', 'cancelado', 0, 'wait'],
    ['cancelado', 'cancelado', 29.9, 'wait'],
    ['cancelado', 'cancelado', 30, 'unavailable'],
    ['pendente', 'pendente', 0, 'wait'],
    ['pendente', 'pendente', 29.9, 'wait'],
    ['pendente', 'pendente', 30, 'unavailable'],
    [undefined, 'pendente', 0, 'wait'],
    [undefined, 'pendente', 30, 'unavailable'],
    ['em_orbita', 'pendente', 1_000_000, 'wait'],
  ] as const)(
    'says of an order that is %s now, was %s before, %d seconds on: %s',
    (status, statusBefore, lostSeconds, verdict) => {
      expect(judge({ status, statusBefore, lostSeconds, settleSeconds: SETTLE })).toBe(verdict);
    },
  );

  it('never calls a payment declined or without effect whose order is paid', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ORDER_STATUSES),
        fc.constantFrom(...ORDER_STATUSES),
        fc.float({ min: 0, max: 1_000_000, noNaN: true }),
        (status, statusBefore, lostSeconds) => {
          const verdict = judge({ status, statusBefore, lostSeconds, settleSeconds: SETTLE });
          expect(verdict === 'succeeded').toBe(isPaid(status));
        },
      ),
    );
  });
});

describe('OUTCOME_OF_FAILURE', () => {
  it('leaves open only what may have had an effect', () => {
    const open = Object.entries(OUTCOME_OF_FAILURE).filter(([, outcome]) => outcome === 'unknown');
    expect(open).toEqual([['unknown', 'unknown']]);
  });
});
