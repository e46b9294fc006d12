import type { OperationAnswer } from '../../src/payments/operations/state/sale-event';
import {
  type AppmaxState,
  type RefundScenario,
  type RefundWorld,
  rowOf,
  withRow,
  withView,
} from './refund-model';
import type { Next } from './search';

export const IN_REVIEW = 'pendente_integracao_em_analise';
const accepted: OperationAnswer = { kind: 'accepted', status: null };
const lost: OperationAnswer = { kind: 'lost', failure: 'timeout' };

/** Completes a refund; an order that is refunded in full is `estornado`. */
function give(world: RefundWorld, id: number): RefundWorld {
  const paidCents = world.view.paidCents - (rowOf(world, id).amountCents ?? 0);
  return withView(withRow(world, id, { appmaxState: 'given' }), {
    paidCents,
    refundedAt: world.view.version + 1,
    status: paidCents <= 0 ? 'estornado' : settledStatus(world, id),
  });
}

/** Returns the status of an order after the review of a refund. */
function settledStatus({ operations, view }: RefundWorld, id: number): string {
  const others = operations.some((row) => row.id !== id && row.appmaxState === 'in_review');
  return view.status === IN_REVIEW && !others ? 'integrado' : view.status;
}

function review(world: RefundWorld, id: number): RefundWorld {
  return withView(withRow(world, id, { appmaxState: 'in_review' }), { status: IN_REVIEW });
}

/** Returns the possible outcomes of a refund's request at Appmax. It accepts every amount. */
export function refundOutcomes(world: RefundWorld, id: number): [string, RefundWorld, OperationAnswer][] {
  const becomes = (appmaxState: AppmaxState): RefundWorld => withRow(world, id, { appmaxState });
  return [
    ['accepted', becomes('pending'), accepted],
    ['accepted for a review', review(world, id), accepted],
    ['given back, answer lost', give(world, id), lost],
    ['accepted, answer lost', becomes('pending'), lost],
    ['in review, answer lost', review(world, id), lost],
    ['lost', becomes('nothing'), lost],
    ['refused', becomes('nothing'), { kind: 'refused', failure: 'not_found' }],
  ];
}

/** Denies a refund that is in review. */
export function deny(world: RefundWorld, id: number): RefundWorld {
  return withView(withRow(world, id, { appmaxState: 'denied' }), { status: settledStatus(world, id) });
}

/** Returns the events at Appmax that may happen by themselves. */
export function spontaneousRefundEvents(
  world: RefundWorld,
  { isReviewedLater }: RefundScenario,
): Next<RefundWorld>[] {
  const next: Next<RefundWorld>[] = [];
  for (const { id, appmaxState } of world.operations) {
    if (appmaxState === 'pending' || appmaxState === 'in_review')
      next.push([`refund ${id} is completed`, give(world, id)]);
    if (appmaxState === 'pending' && isReviewedLater)
      next.push([`refund ${id} comes under review`, review(world, id)]);
    if (appmaxState === 'in_review') next.push([`refund ${id} is denied`, deny(world, id)]);
  }
  if (world.mayBeClosed) {
    const closed = { ...world, mayBeClosed: false };
    next.push(
      ['the issuer charges back', withView(closed, { status: 'chargeback_em_tratativa' })],
      [
        'the panel refunds the whole order',
        withView(closed, { status: 'estornado', paidCents: 0, refundedAt: world.view.version + 1 }),
      ],
    );
  }
  return next;
}
